import type { Client } from '../../contract/client.ts';
import type { MedlaneApi } from '../../contract/index.ts';
import type { Output } from '../../contract/kit.ts';
import type { Place } from './options.ts';

type Job = Output<MedlaneApi['jobs']['get']>;

/** The answer: a sentence for people, one line of JSON for scripts. */
export function print({ json }: Place, value: unknown, sentence: string): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${sentence}\n`);
}

export function problem({ json }: Place, message: string, code: number): void {
  process.stderr.write(json ? `${JSON.stringify({ error: message })}\n` : `${message}\n`);
  process.exitCode = code;
}

const POLL = 100;

/** Waits for long work, showing how far it is. @throws when it failed. */
export async function followJob(clinic: Client<MedlaneApi>, started: Job, quiet: boolean | undefined): Promise<Job> {
  for (let job = started; ; job = await clinic.jobs.get({ id: started.id })) {
    const show = process.stderr.isTTY && !quiet;
    if (show && job.total) process.stderr.write(`\r${job.kind}: ${Math.floor((100 * job.done) / job.total)} %  `);
    if (job.state !== 'running') {
      if (show) process.stderr.write('\r\u001b[K');
      if (job.state !== 'done') throw new Error(job.problem ?? `The work ended as ${job.state}.`);
      return job;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
}
