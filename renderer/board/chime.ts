/** A two-note chime, made here: no file to load, no network, the same on every screen. */
export type Chime = Readonly<{ ring: () => void; silent: () => boolean; wake: () => void; close: () => void }>;

const NOTES = [
  { frequency: 659.25, at: 0 },
  { frequency: 523.25, at: 0.45 },
] as const;

export function createChime(): Chime {
  const context = new AudioContext();
  return {
    ring() {
      if (context.state !== 'running') return;
      for (const { frequency, at } of NOTES) {
        const start = context.currentTime + at;
        const tone = context.createOscillator();
        const volume = context.createGain();
        tone.frequency.value = frequency;
        volume.gain.setValueAtTime(0, start);
        volume.gain.linearRampToValueAtTime(0.5, start + 0.02);
        volume.gain.exponentialRampToValueAtTime(0.001, start + 1.1);
        tone.connect(volume).connect(context.destination);
        tone.start(start);
        tone.stop(start + 1.2);
      }
    },
    // A browser keeps quiet until somebody has touched the page.
    silent: () => context.state !== 'running',
    wake: () => void context.resume(),
    close: () => void context.close(),
  };
}
