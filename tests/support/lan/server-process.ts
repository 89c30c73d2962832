import { startServer } from '../../../server/clinic-server.ts';
import { dataFolder } from '../../../server/data-folder.ts';
import { realPorts } from '../../../server/ports.ts';
import { answerCalls, fetchHere } from './calls.ts';
import { DOOR } from './namespaces.ts';

// The clinic's server on a computer of its own. Whoever sits at it speaks with it by its own door; desks by theirs.
const [folder = ''] = process.argv.slice(2);
const server = await startServer(
  {
    folder: dataFolder(folder),
    ports: realPorts,
    version: '0.0.0-test',
    resources: new URL('../../../resources/', import.meta.url),
    screens: null,
    logLevel: process.env['MEDLANE_LOG'] ?? 'error',
    database: undefined,
  },
  { port: 0, stations: DOOR, advertise: true },
);

answerCalls((name, input) => (name === 'close' ? server.close() : fetchHere(fetch, server.url, input)));
