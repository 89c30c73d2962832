import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createPrinter, sizeOf } from './printing.ts';

const electron = vi.hoisted(() => ({
  made: [] as { destroyed: boolean; loaded: string; preferences: unknown }[],
  print: vi.fn(),
}));
vi.mock('electron', () => ({
  BrowserWindow: class {
    readonly webContents = {
      print: electron.print,
      getPrintersAsync: async () => [{ name: 'roll', displayName: 'Slip printer' }],
    };
    readonly seen;
    constructor({ webPreferences }: { webPreferences: unknown }) {
      this.seen = { destroyed: false, loaded: '', preferences: webPreferences };
      electron.made.push(this.seen);
    }
    static getAllWindows() {
      return [new this({ webPreferences: {} })];
    }
    async loadURL(url: string) {
      this.seen.loaded = url;
    }
    destroy() {
      this.seen.destroyed = true;
    }
  },
}));

const PDF = new TextEncoder().encode('%PDF-1.7 /MediaBox [0 0 226.771654 320.5]');
const withdraw = vi.fn();
const offer = () => ({ url: 'app://clinic/lent/1.pdf', withdraw });
let late: (() => void) | null = null;
const after = (_ms: number, run: () => void) => {
  late = run;
  return () => undefined;
};
const printer = createPrinter({ offer, after });

beforeEach(() => {
  electron.made.length = 0;
  electron.print.mockReset();
  electron.print.mockImplementation((_options, done) => done(true, ''));
  withdraw.mockReset();
});
const cleaned = () => [electron.made[0]?.destroyed, withdraw.mock.calls.length];

describe('the desktop’s printer', () => {
  it('prints in silence, from a sandboxed window that nobody sees, on paper of the document’s own size', async () => {
    expect(await printer.print(PDF, 'roll')).toEqual({ ok: true });
    expect(electron.print.mock.calls[0]?.[0]).toEqual({
      silent: true,
      deviceName: 'roll',
      margins: { marginType: 'none' },
      pageSize: { width: 80_000, height: 113_065 },
    });
    expect(electron.made[0]).toMatchObject({
      loaded: 'app://clinic/lent/1.pdf',
      preferences: { sandbox: true, plugins: true },
    });
    expect(cleaned()).toEqual([true, 1]);
  });

  it('uses the usual printer when none was chosen', async () => {
    await printer.print(PDF, null);
    expect(electron.print.mock.calls[0]?.[0]).not.toHaveProperty('deviceName');
  });

  it('says so when the driver refuses, and cleans up', async () => {
    electron.print.mockImplementation((_options, done) => done(false, 'Invalid printer settings'));
    await expect(printer.print(PDF, 'roll')).rejects.toMatchObject({ code: 'not_printed' });
    expect(cleaned()).toEqual([true, 1]);
  });

  it('does not wait for ever for a driver that is silent', async () => {
    electron.print.mockImplementation(() => late?.());
    await expect(printer.print(PDF, 'roll')).rejects.toMatchObject({ code: 'not_printed' });
    expect(cleaned()).toEqual([true, 1]);
  });

  it('tells the printers of this computer', async () => {
    expect(await printer.printers()).toEqual({ printers: [{ name: 'roll', label: 'Slip printer' }] });
  });

  it('leaves the size to the driver when a file does not tell it', () => {
    expect(sizeOf(new Uint8Array([1, 2, 3]))).toEqual({});
  });
});
