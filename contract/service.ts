/**
 * Where an installed service says how this computer's own people reach it: its clinic is then the clinic of this computer,
 * and a desktop starts no other. Only an administrator may write there.
 */
const NOTES: Readonly<Record<string, string>> = {
  win32: 'C:\\ProgramData\\Medlane\\service.json',
  darwin: '/Library/Application Support/Medlane/service.json',
};
export const serviceNote = (platform: string): string => NOTES[platform] ?? '/etc/medlane/service.json';
