import { createClient } from '../../contract/client.ts';
import { httpTransport } from '../../contract/http.ts';
import { api } from '../../contract/index.ts';
import { startServer } from '../../server/clinic-server.ts';
import { dataFolder } from '../../server/data-folder.ts';
import { realPorts } from '../../server/ports.ts';
import { root } from '../support/process.ts';

// A clinic from its very first start on, as a process whose writes are recorded: it says each thing on its output once the
// server has answered that it is done.
const [folder = '', turns = '0', ends = 'closed'] = process.argv.slice(2);
const PASSWORD = 'correct horse 42';
const options = {
  folder: dataFolder(folder),
  ports: realPorts,
  version: '0.0.0-test',
  resources: new URL('resources/', `file://${root}`),
  screens: null,
  logLevel: 'silent',
  database: undefined,
};
const say = (what: string, id: string) => process.stdout.write(`${what} ${id}\n`);

let server = await startServer(options, { port: 0 });
const connect = (token?: string) =>
  createClient(
    api,
    httpTransport({
      ...{ base: server.url, fetch },
      headers: (): Record<string, string> => (token ? { Authorization: `Bearer ${token}` } : {}),
    }),
  );
const administrator = { name: 'Admin', username: 'admin', password: PASSWORD };
await connect().setup.host({ clinic: 'Test Clinic', timeZone: 'Asia/Karachi', administrator });
say('clinic', 'hosted');
await connect(await signIn()).users.create({
  username: 'rec',
  name: 'rec',
  password: PASSWORD,
  roles: ['receptionist'],
});
await work('first');
// As it is found when the power goes.
if (ends === 'open') process.exit(0);
// Closing moves the log into the database: another place where the power may go.
await server.close();
server = await startServer(options, { port: 0 });
await work('second');
await server.close();

async function signIn(identifier = 'admin'): Promise<string> {
  return (await connect().auth.login({ identifier, password: PASSWORD })).accessToken;
}

async function work(day: string): Promise<void> {
  const reception = connect(await signIn('rec'));
  const [queue] = (await reception.queues.list()).items;
  for (let turn = 1; turn <= Number(turns); turn += 1) {
    const person = await reception.patients.register({ name: `Somebody ${day} ${turn}` });
    say('patient', person.id);
    say('visit', (await reception.visits.issue({ patientId: person.id, queueId: queue?.id ?? '' })).id);
  }
}
