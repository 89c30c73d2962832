import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { serviceNote } from '../../contract/service.ts';
import { installedService } from '../../main/clinic-folder.ts';
import type { Service } from '../../server/service/plan.ts';
import { describePlan, installService, planOf } from '../../server/service/service.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'medlane-service-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As awkward as a path may be: it must come through every system's own quoting. */
const service: Service = {
  node: process.execPath,
  script: '/opt/100% "Med" & Co/$HOME/medlane.js',
  folder: '/var/lib/medlane <1>/clinic',
  account: null,
  port: 7420,
  doors: ['--lan', '7443'],
};
const fileOf = (platform: string, asked = service) => planOf(platform, asked).files[0]?.text ?? '';
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

/** Every element is closed, and no bare sign stands in a text. */
function isWellFormed(text: string): boolean {
  const open: string[] = [];
  for (const [, close, name = '', own] of text.matchAll(/<(\/?)([A-Za-z]\w*)[^>]*?(\/?)>/g)) {
    if (close) {
      if (open.pop() !== name) return false;
    } else if (!own) open.push(name);
  }
  const between = text.replace(/<[^>]*>/g, '');
  return open.length === 0 && !/[<>]|&(?!(amp|lt|gt|quot);)/.test(between);
}

describe('on Linux', () => {
  it('is a unit that comes back for ever, as an account that can do nothing else', () => {
    const unit = fileOf('linux');
    for (const line of [
      'Restart=always',
      'StartLimitIntervalSec=0',
      'User=medlane',
      'NoNewPrivileges=yes',
      'UMask=0077',
      'WantedBy=multi-user.target',
    ])
      expect(unit).toContain(`\n${line}\n`);
    expect(unit).toContain(
      '"/opt/100%% \\"Med\\" & Co/$$HOME/medlane.js" "--data" "/var/lib/medlane <1>/clinic" "serve" "--port" "7420" "--lan" "7443"\n',
    );
    expect(fileOf('linux', { ...service, account: 'rosa' })).toContain('\nUser=rosa\n');
  });

  it.skipIf(!hasSystemd)('is understood by systemd', () => {
    const file = path.join(folder, 'medlane.service');
    const verify = (text: string) => {
      writeFileSync(file, text);
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
      return { status, said: stderr.split('\n').filter((line) => line.includes('medlane.service')) };
    };
    const unit = fileOf('linux', { ...service, account: 'root' });
    expect(verify(unit)).toEqual({ status: 0, said: [] });
    // Not vacuous: it does see a wrong line.
    expect(verify(unit.replace('Restart=always', 'Restart=often')).said).not.toEqual([]);
  });
});

it('on macOS is a property list that launchd keeps alive', () => {
  const plist = fileOf('darwin', { ...service, account: 'rosa' });
  expect(isWellFormed(plist)).toBe(true);
  expect(plist).toContain('<string>/opt/100% &quot;Med&quot; &amp; Co/$HOME/medlane.js</string>');
  expect(plist).toMatch(/<key>KeepAlive<\/key>\s*<true\/>/);
  expect(plist).toMatch(/<key>UserName<\/key>\s*<string>rosa<\/string>/);
  expect(fileOf('darwin')).not.toContain('UserName');
});

it('on Windows is a task that starts with the computer, without end, also on batteries', () => {
  const windows = {
    ...service,
    node: 'C:\\Program Files\\Medlane\\node.exe',
    folder: 'C:\\ProgramData\\Medlane\\clinic\\',
  };
  const plan = planOf('win32', windows);
  const text = plan.files[0]?.text ?? '';
  expect([isWellFormed(text.slice(1)), text.charCodeAt(0), plan.files[0]?.encoding]).toEqual([true, 0xfeff, 'utf16le']);
  for (const part of [
    '<BootTrigger>',
    '<ExecutionTimeLimit>PT0S<',
    '<UserId>S-1-5-19<',
    '<StopIfGoingOnBatteries>false<',
  ])
    expect(text).toContain(part);
  expect(text).toContain(
    '\\&quot;Med\\&quot; &amp; Co/$HOME/medlane.js&quot; --data C:\\ProgramData\\Medlane\\clinic\\ serve',
  );
  // Only who must reads the clinic's folder.
  expect(plan.install[0]?.slice(0, 3)).toEqual(['icacls', windows.folder, '/inheritance:r']);
  expect(plan.install[0]?.filter((part) => part.startsWith('*'))).toEqual([
    '*S-1-5-32-544:(OI)(CI)F',
    '*S-1-5-18:(OI)(CI)F',
    '*S-1-5-19:(OI)(CI)F',
  ]);
});

it('says what it would do, without doing it', () => {
  const words = describePlan(planOf('linux', service));
  expect(words).toContain('# /etc/systemd/system/medlane.service\n[Unit]');
  expect(words).toContain('systemctl enable --now medlane.service');
});

it('refuses a clinic whose key only one person’s keychain holds', () => {
  writeFileSync(path.join(folder, 'medlane.db'), '');
  expect(() => installService('linux', { ...service, folder })).toThrow('recovery kit');
});

it('is found by this computer’s own desktop, and nothing else is taken for it', () => {
  const note = path.join(folder, 'service.json');
  expect(installedService(note)).toBeNull();
  const written = planOf('linux', service).files.find(({ path: file }) => file === serviceNote('linux'));
  writeFileSync(note, written?.text ?? '');
  expect(installedService(note)).toBe('http://127.0.0.1:7420');
  for (const text of [
    '',
    '{}',
    '{"url":"https://evil.example"}',
    '{"url":"http://127.0.0.1.evil.example:1"}',
    '{"url":7}',
  ]) {
    writeFileSync(note, text);
    expect(installedService(note)).toBeNull();
  }
});
