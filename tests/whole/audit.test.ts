import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../server/audit/verify-file.ts';
import { DIALECTS, furniture, type World, world } from '../support/clinic.ts';
import { root } from '../support/process.ts';

type Row = Record<string, string>;
const textOf = async (body: ReadableStream<Uint8Array>) => new Response(body).text();
const check = (text: string, key?: string) => verifyAudit(Readable.from([text]), key ? { publicKey: key } : {});

describe.each(DIALECTS)('an exported audit log on %s', (dialect) => {
  let clinic: World;
  let csv: string;
  let rows: Row[];
  const write = (changed: readonly Row[]) => stringify([...changed], { header: true, record_delimiter: 'windows' });

  beforeAll(async () => {
    clinic = await world({ dialect });
    const desk = await clinic.as('rosa', 'receptionist');
    const { queueId } = await furniture(desk);
    for (const name of ['=HYPERLINK("http://x")', 'Ayesha, "Ash"\nKhan', '+1', '-2', '@cmd', 'José']) {
      const patient = await desk.patients.register({ name, notes: 'a cough since Monday' });
      await desk.visits.issue({ patientId: patient.id, queueId, reason: '=1+1' });
      await desk.patients.get({ id: patient.id });
    }
    csv = await textOf((await (await clinic.as('admin')).audit.export({})).body);
    rows = parse(csv, { columns: true }) as Row[];
  });
  afterAll(() => clinic.close());

  it('is whole, in standard CSV, safe in a spreadsheet, and without clinical text', async () => {
    const verdict = await check(csv);
    expect(verdict).toMatchObject({ whole: true, findings: [], from: 1 });
    expect(verdict.entries).toBe(rows.length - 2);
    expect(rows[0]?.['kind']).toBe('anchor');
    expect(rows.at(-1)?.['kind']).toBe('checkpoint');
    for (const row of rows) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    expect(csv).not.toContain('cough');
    // Who, role, device, from where, what, which record, before and after.
    const registered = rows.find((row) => row['action'] === 'patients.register');
    expect(registered).toMatchObject({
      actor: 'rosa',
      roles: 'receptionist',
      origin: 'local',
      resource: 'patient',
      outcome: 'ok',
    });
    expect(JSON.parse(registered?.['changes'] ?? '{}')).toMatchObject({ name: [null, '=HYPERLINK("http://x")'] });
  });

  it('has exactly one entry for each command, and for each reading of a record', () => {
    const count = (action: string) => rows.filter((row) => row['action'] === action).length;
    expect([count('patients.register'), count('visits.issue'), count('patients.get')]).toEqual([6, 6, 6]);
    const ids = rows.filter((row) => row['kind'] === 'entry').map((row) => row['command_id']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shows every change that somebody makes to it', async () => {
    const entries = rows.map((row, index) => ({ row, index })).filter(({ row }) => row['kind'] === 'entry');
    const READABLE = [
      'at',
      'actor',
      'roles',
      'origin',
      'action',
      'outcome',
      'patient_id',
      'changes',
      'record',
      'hash',
      'previous_hash',
      'seq',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.nat(entries.length - 2),
        fc.constantFrom('edit', 'remove', 'swap', 'double', 'invent'),
        fc.constantFrom(...READABLE),
        async (at, how, column) => {
          const index = entries[at]?.index ?? 1;
          const changed = rows.map((row) => ({ ...row }));
          const [row, next] = [changed[index] as Row, changed[index + 1] as Row];
          if (how === 'edit') row[column] = `${row[column]}7`;
          if (how === 'remove') changed.splice(index, 1);
          if (how === 'swap') [changed[index], changed[index + 1]] = [next, row];
          if (how === 'double') changed.splice(index, 0, { ...row });
          if (how === 'invent')
            changed.splice(index, 0, { ...row, seq: String(Number(row['seq']) + 1), outcome: 'ok' });
          const verdict = await check(write(changed));
          expect(verdict.whole).toBe(false);
          expect(verdict.findings[0]?.problem).toBeTruthy();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('names the entry that was changed', async () => {
    const target = rows.find((row) => row['action'] === 'visits.issue') as Row;
    const changed = rows.map((row) => (row === target ? { ...row, actor: 'somebody else' } : row));
    const { findings } = await check(write(changed));
    expect(findings).toEqual([
      { line: expect.any(Number), seq: Number(target['seq']), problem: 'column actor disagrees with the record' },
    ]);
  });

  it('shows a cut end, and a log made anew with another key', async () => {
    const withoutEnd = await check(write(rows.slice(0, -3)));
    expect(withoutEnd.findings.map(({ problem }) => problem).join()).toMatch(/the end is missing/);
    const cut = await check(write([...rows.slice(0, -3), rows.at(-1) as Row]));
    expect(cut.findings.map(({ problem }) => problem).join()).toMatch(/checkpoint is of another place/);
    const { publicKey } = await (await clinic.as('admin')).audit.checkpoints({});
    expect((await check(csv, publicKey)).whole).toBe(true);
    const other = publicKey.slice(0, 30) + (publicKey[30] === 'A' ? 'B' : 'A') + publicKey.slice(31);
    expect((await check(csv, other)).whole).toBe(false);
    expect((await check(csv)).remarks.join()).toMatch(/seen elsewhere/);
  });

  it('exported by date carries the anchor before it, and as JSON its manifest agrees', async () => {
    const admin = await clinic.as('admin');
    const middle = rows[Math.floor(rows.length / 2)]?.['at'] ?? '';
    const part = await check(await textOf((await admin.audit.export({ from: middle })).body));
    expect(part).toMatchObject({ whole: true, findings: [] });
    expect(part.from).toBeGreaterThan(1);
    const json = JSON.parse(await textOf((await admin.audit.export({ format: 'json' })).body)) as {
      manifest: { entries: number };
      entries: unknown[];
      count: number;
    };
    expect([json.manifest.entries, json.entries.length]).toEqual([json.count, json.count]);
  });

  it('is checked by the stand-alone verifier, which imports nothing', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'medlane-audit-')), 'audit.csv');
    writeFileSync(file, csv);
    const run = () =>
      execFileSync(process.execPath, [path.join(root, 'out/verify-audit/verify-audit.js'), file, '--json'], {
        cwd: tmpdir(),
      }).toString();
    expect(JSON.parse(run())).toMatchObject({ whole: true });
    writeFileSync(file, csv.replace('receptionist', 'receptionisT'));
    expect(run).toThrow();
  });
});
