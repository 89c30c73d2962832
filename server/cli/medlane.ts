import { createReadStream, createWriteStream, openAsBlob, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { api } from '../../contract/index.ts';
import { ApiError } from '../../contract/kit.ts';
import { ROLES, type Role } from '../../domain/people.ts';
import { describe, verifyAudit } from '../audit/verify-file.ts';
import { restoreBackup } from '../backup/restore.ts';
import { FolderInUse, runningServer } from '../data-folder.ts';
import { realPorts } from '../ports.ts';
import { openApiDocument } from '../transport/openapi.ts';
import { optionsFor, type Place } from './options.ts';
import { followJob, print, problem } from './output.ts';
import { type ServeOptions, serve } from './serve.ts';
import { addServiceCommands } from './service.ts';
import { openSession, type Session } from './session.ts';

/** Exit codes that scripts rely on. */
export const EXIT = { done: 0, failed: 1, usage: 2, notRunning: 3, inUse: 4, notWhole: 5 } as const;

const program = new Command('medlane')
  .description(
    'The clinic server, and the tools around it. While a server runs on the data folder, they work through it.',
  )
  .option('--data <folder>', 'the data folder; the platform’s own place when absent')
  .option('--demo', 'the demonstration clinic’s folder')
  .option('--json', 'answers as one line of JSON')
  .showHelpAfterError()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.done : EXIT.usage))
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 no server runs, 4 the folder is in use, 5 the audit is not whole.',
  );

const place = (): Place => program.opts<Place>();

const port = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new InvalidArgumentError('a port is 0–65535');
  return number;
};

/** A door that is opened on its own port, or on another one: `--lan` or `--lan 8443`. */
const door = (name: string, standard: number, what: string) =>
  new Option(`--${name} [n]`, what).preset(String(standard)).argParser(port);
const withDoors = (command: Command) =>
  command
    .option('--port <n>', 'this computer’s own door (0: any free port)', port, 7420)
    .addOption(door('lan', 7443, 'opens the door for browsers in the LAN (HTTPS)'))
    .addOption(door('stations', 7444, 'opens the door for paired desktops (mutual TLS)'))
    .addOption(door('waiting-room', 7480, 'opens the read-only door for boards (plain HTTP, tokens only)'));

withDoors(program.command('serve'))
  .description('Runs the clinic server until it is stopped.')
  .option('--demo', 'makes and serves the demonstration clinic')
  .action((options: ServeOptions) => run(() => serve({ ...place(), ...options })));

program
  .command('import')
  .description('Brings records in.')
  .command('patients <file>')
  .description('Imports patients from a CSV file. A second run adds nothing.')
  .option('--map <field=column...>', 'which column holds what, where the guess is wrong')
  .option('--dry-run', 'only counts')
  .option('--rejected <file>', 'writes the rows that were not taken, with the reasons')
  .action((file: string, options: { map?: string[]; dryRun?: boolean; rejected?: string }) =>
    inSession(async ({ clinic }) => {
      const uploaded = await clinic.imports.upload({ filename: file, file: await openAsBlob(file) });
      const given = Object.fromEntries((options.map ?? []).map((pair) => pair.split('=') as [string, string]));
      const started = await clinic.imports.start({
        id: uploaded.id,
        mapping: { ...uploaded.mapping, ...given },
        dryRun: options.dryRun ?? false,
      });
      const job = await followJob(clinic, started, place().json);
      if (options.rejected) await save((await clinic.imports.rejected({ id: uploaded.id })).body, options.rejected);
      const { rows, added, known, rejected } = job.result ?? {};
      print(
        place(),
        job.result,
        `${rows} rows: ${added} ${options.dryRun ? 'would be added' : 'added'}, ${known} already known, ${rejected} rejected.`,
      );
    }),
  );

const audit = program.command('audit').description('The audit log.');
audit
  .command('export')
  .description('Writes the audit log to a file, or to standard output.')
  .option('--format <csv|json>', 'csv or json', 'csv')
  .option('--from <time>', 'from this day or instant on (ISO 8601)')
  .option('--to <time>', 'before this day or instant')
  .option('--out <file>', 'the file; standard output when absent')
  .action((options: { format: 'csv' | 'json'; from?: string; to?: string; out?: string }) =>
    inSession(async ({ clinic }) => {
      const { out, ...order } = options;
      const download = await clinic.audit.export(order);
      if (!out) return pipeline(Readable.fromWeb(download.body as never), process.stdout, { end: false });
      await save(download.body, out);
      print(place(), { file: out }, `Written to ${out}. Check it with: medlane audit verify ${out}`);
    }),
  );
audit
  .command('verify [file]')
  .description('Checks an exported CSV file; the stored log when no file is named.')
  .option('--key <base64>', 'the public key, as seen elsewhere')
  .action((file: string | undefined, options: { key?: string }) =>
    file
      ? run(async () => {
          const verdict = await verifyAudit(createReadStream(file), options.key ? { publicKey: options.key } : {});
          print(place(), verdict, describe(verdict).trimEnd());
          process.exitCode = verdict.whole ? EXIT.done : EXIT.notWhole;
        })
      : inSession(async ({ clinic }) => {
          const job = await followJob(clinic, await clinic.audit.verify(), place().json);
          const { whole, entries, firstProblem } = job.result ?? {};
          print(
            place(),
            job.result,
            whole
              ? `The stored audit log is whole: ${entries} entries.`
              : `The stored audit log is NOT whole: ${firstProblem}`,
          );
          process.exitCode = whole ? EXIT.done : EXIT.notWhole;
        }),
  );

program
  .command('backup')
  .description('Makes a backup and checks it by opening it.')
  .option('--to <folder>', 'where to; the usual places when absent')
  .action((options: { to?: string }) =>
    inSession(async ({ clinic }) => {
      const job = await followJob(
        clinic,
        await clinic.backups.start(options.to ? { folder: options.to } : {}),
        place().json,
      );
      print(place(), job.result, `Backed up to ${job.result?.['path']}, and checked.`);
    }),
  );

program
  .command('restore <file>')
  .description('Puts a backup in place of the data folder’s clinic, which is kept beside it. The server must not run.')
  .option('--kit <code>', 'the recovery kit, on a computer that does not hold the key')
  .option('--admin <username>', 'gives this administrator a new password, shown once')
  .action((file: string, options: { kit?: string; admin?: string }) =>
    run(async () => {
      const restored = await restoreBackup(optionsFor(place()), { file, ...options });
      const signIn = restored.password ? ` Sign in as ${options.admin} with ${restored.password} and change it.` : '';
      print(
        place(),
        restored,
        `Restored: ${restored.patients} patients, ${restored.auditEntries} audit entries.${signIn}`,
      );
    }),
  );

const user = program.command('user').description('Accounts.');
user
  .command('add <username>')
  .description('Makes an account; the password comes from standard input, or is made and shown once.')
  .requiredOption('--roles <role...>', `one or several of ${ROLES.join(', ')}`)
  .option('--name <name>', 'the person’s name')
  .option('--password-stdin', 'reads the password from standard input')
  .action((username: string, options: { roles: Role[]; name?: string; passwordStdin?: boolean }) =>
    inSession(async ({ clinic }) => {
      const made = options.passwordStdin ? null : realPorts.random(12).toString('base64url');
      const password = made ?? readFileSync(0, 'utf8').trim();
      const user = await clinic.users.create({
        username,
        name: options.name ?? username,
        roles: options.roles.flatMap((role) => role.split(',')) as Role[],
        password,
        passwordGiven: made !== null,
      });
      print(
        place(),
        { id: user.id, username, ...(made ? { password: made } : {}) },
        made ? `${username} may sign in with ${made}` : `${username} was added.`,
      );
    }),
  );

user
  .command('reset-factor <username>')
  .description(
    'Takes the second factor of somebody who has lost it, also the last administrator’s; their sign-ins end.',
  )
  .action((username: string) =>
    inSession(async ({ clinic }) => {
      const { items } = await clinic.users.list({ q: username, limit: 500 });
      const found = items.find((one) => one.username.toLowerCase() === username.toLowerCase());
      if (!found) return problem(place(), `There is no account ${username}.`, EXIT.failed);
      await clinic.users.resetSecondFactor({ id: found.id });
      print(place(), { id: found.id, username }, `${username} signs in by password alone now.`);
    }),
  );

program
  .command('health')
  .description('Asks the running server how it is.')
  .action(() =>
    run(async () => {
      const running = runningServer(optionsFor(place()).folder);
      if (!running) return problem(place(), 'No server runs on this data folder.', EXIT.notRunning);
      const answer = await fetch(`${running.url}/api/v1/health`);
      const { data, error } = (await answer.json()) as {
        data?: { version: string; database: string };
        error?: { message: string };
      };
      if (!data) return problem(place(), error?.message ?? 'The server does not answer.', EXIT.failed);
      print(
        place(),
        { ...data, url: running.url },
        `The server at ${running.url} is well (version ${data.version}, ${data.database}).`,
      );
    }),
  );

program
  .command('openapi')
  .description('Prints the OpenAPI 3.1 document.')
  .action(() =>
    run(
      async () =>
        void process.stdout.write(`${JSON.stringify(openApiDocument(api, optionsFor(place()).version), null, 2)}\n`),
    ),
  );

addServiceCommands(program, { place, withDoors, run, notRunning: EXIT.notRunning });

await program.parseAsync();

/** Runs with the clinic at hand, and lets go of it whatever happens. */
function inSession(work: (session: Session) => Promise<unknown>): Promise<void> {
  return run(async () => {
    const session = await openSession(optionsFor(place()));
    try {
      await work(session);
    } finally {
      await session.close();
    }
  });
}

async function run(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ApiError)
      return problem(
        place(),
        [error.message, ...error.fields.map(({ field, message }) => `  ${field}: ${message}`)].join('\n'),
        EXIT.failed,
      );
    problem(place(), (error as Error).message, error instanceof FolderInUse ? EXIT.inUse : EXIT.failed);
  }
}

function save(body: ReadableStream<Uint8Array>, file: string): Promise<void> {
  return pipeline(Readable.fromWeb(body as never), createWriteStream(file, { mode: 0o600 }));
}
