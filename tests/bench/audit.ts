import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { GENESIS } from '../../server/audit/chain.ts';
import { openSqlite } from '../../server/db/open.ts';
import { sleep } from '../day/random.ts';
import { addAudit } from './bulk.ts';
import { type Clinic, databaseOf, openClinic, type Workshop } from './clinic-folder.ts';
import type { DeskOrder, DeskResult } from './desks.ts';
import { type Figure, judged, median, mib, ms, quantile, rate, times } from './figures.ts';
import { startHelper } from './helper.ts';

const group = 'The audit log';

/** A long log goes out, and is checked, while desks go on giving tokens. */
export async function benchAudit(
  shop: Workshop,
  { rows, rounds }: Readonly<{ rows: number; rounds: number }>,
): Promise<Figure[]> {
  const folder = shop.copy('audit');
  addAudit(folder, rows);
  const report = path.join(shop.folder, 'loop.json');
  const node = ['--import', fileURLToPath(new URL('./loop-watch.ts', import.meta.url))];
  const clinic = await openClinic({
    entry: shop.entry,
    accounts: shop.accounts,
    folder,
    node,
    env: { MEDLANE_LOOP_REPORT: report },
  });
  const desks = startHelper<DeskOrder, DeskResult>('./desks.ts');
  const seen = { loop: [] as number[], export: [] as number[], hash: [] as number[], verify: [] as number[] };
  const held: number[] = [];
  const idle = memoryOf(clinic.server.pid).now;
  let calm: readonly number[] = [];
  const busy: number[] = [];
  try {
    const queues = await clinic.queues(8);
    const issue = (seconds: number) =>
      desks.ask({
        port: clinic.port,
        kind: 'tokens',
        clients: 8,
        seconds,
        pace: 50,
        tokens: clinic.tokens.desks,
        patients: clinic.patients,
        queues,
      });
    calm = (await issue(4)).latencies;
    // What signing in took at its highest (a password's hash is made to need memory) is not what is asked here.
    forgetPeak(clinic.server.pid);
    for (let round = 0; round < rounds; round += 1) {
      seen.loop.push(readLoop(folder, 'csv'));
      seen.hash.push(readLoop(folder, 'hash'));
      seen.export.push(await exportAll(clinic));
      await loopReport(clinic, report);
      const exporting = exportAll(clinic);
      const beside = issue(Math.max(2, rows / (seen.export[0] ?? rows)));
      busy.push(...(await beside).latencies);
      await exporting;
      held.push(await loopReport(clinic, report));
      seen.verify.push(await verifyAll(clinic, rows));
    }
    const { peak } = memoryOf(clinic.server.pid);
    const [loop, exported, hash, verified] = [
      median(seen.loop),
      median(seen.export),
      median(seen.hash),
      median(seen.verify),
    ];
    const longest = Math.max(...held);
    const label = `${rows.toLocaleString('en')} entries`;
    const at = (latencies: readonly number[]) =>
      `p50 ${ms(quantile(latencies, 0.5))}, p95 ${ms(quantile(latencies, 0.95))}, p99 ${ms(quantile(latencies, 0.99))}`;
    return [
      judged(group, `Export of ${label} as CSV, over HTTP`, Number((exported / loop).toFixed(2)), 'least', 0.6, {
        measured: `${rate(exported)} = ${times(exported / loop)}`,
        limit: `bare keyset loop ${rate(loop)}`,
        unit: '× the keyset loop',
      }),
      judged(
        group,
        'Memory of the server at its highest, since the first export',
        Math.round(peak / 1_048_576),
        'most',
        200,
        {
          measured: `${mib(peak)} (${mib(idle)} before)`,
          unit: 'MiB',
        },
      ),
      judged(
        group,
        'Event loop held at most, while exporting and giving tokens',
        Number(longest.toFixed(1)),
        'most',
        25,
        { measured: ms(longest), unit: 'ms' },
      ),
      { group, what: 'Tokens at 50/s during the export', measured: at(busy), limit: `without it: ${at(calm)}` },
      {
        group,
        what: `Check of the stored log, ${label}`,
        measured: `${rate(verified)} = ${times(verified / hash)}`,
        limit: `bare loop and hash ${rate(hash)}`,
      },
    ];
  } finally {
    desks.stop();
    await clinic.stop();
  }
}

/** The limit: rows by key, a thousand at a time, as lines of text or into the hash chain, and nothing else. */
function readLoop(folder: string, kind: 'csv' | 'hash'): number {
  const { file, key } = databaseOf(folder);
  const database = openSqlite(file, key, 'read');
  const batch = database.prepare('SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT 1000');
  type Row = {
    seq: number;
    at: number;
    actor_id: string;
    action: string;
    outcome: string;
    record: string;
    hash: string;
  };
  let [last, count, bytes, previous] = [0, 0, 0, GENESIS];
  const begun = performance.now();
  for (let rows = batch.all(0) as Row[]; rows.length > 0; rows = batch.all(last) as Row[]) {
    if (kind === 'csv')
      bytes += rows
        .map(
          (row) =>
            `${row.seq},${row.at},${row.actor_id},${row.action},${row.outcome},"${row.record.replaceAll('"', '""')}",${row.hash}\r\n`,
        )
        .join('').length;
    else
      for (const row of rows)
        previous = createHash('sha256').update(previous).update('\n').update(row.record).digest('hex');
    count += rows.length;
    last = rows.at(-1)?.seq ?? last;
  }
  const took = performance.now() - begun;
  database.close();
  if (bytes + previous.length === 0) throw new Error('Nothing was read.');
  return (count / took) * 1000;
}

/** Counts the lines of the download; nothing is kept. */
function exportAll({ port, tokens }: Clinic): Promise<number> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    http
      .get(
        {
          port,
          host: '127.0.0.1',
          path: '/api/v1/audit/export?format=csv',
          headers: { Authorization: `Bearer ${tokens.admin}` },
        },
        (response) => {
          let lines = 0;
          response.on('data', (chunk: Buffer) => {
            for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
          });
          response.on('end', () => resolve((lines / (performance.now() - begun)) * 1000));
          response.on('error', reject);
        },
      )
      .on('error', reject);
  });
}

async function verifyAll({ admin }: Clinic, rows: number): Promise<number> {
  const begun = performance.now();
  let job = await admin.audit.verify();
  while (job.state === 'running') {
    await sleep(50);
    job = await admin.jobs.get({ id: job.id });
  }
  if (job.result?.['whole'] !== true)
    throw new Error(`The stored log does not verify: ${job.problem ?? job.result?.['firstProblem']}`);
  return (rows / (performance.now() - begun)) * 1000;
}

/** How long the server's loop was held since the last time this was asked, in ms. */
async function loopReport({ server }: Clinic, file: string): Promise<number> {
  rmSync(file, { force: true });
  process.kill(server.pid, 'SIGUSR2');
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await sleep(20);
  return (JSON.parse(readFileSync(file, 'utf8')) as { max: number }).max;
}

/** From here on, the highest is counted anew; where Linux does not let one, since the start. */
function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    return;
  }
}

/** Resident memory in bytes, from Linux's own books; elsewhere unknown. */
export function memoryOf(pid: number): { now: number; peak: number } {
  const status = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '';
  const kib = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) * 1024;
  return { now: kib('VmRSS'), peak: kib('VmHWM') };
}
