// Records golden histories: what the workflows of a home's runs did, to be replayed by replay.test.ts against later versions.
//   SIMCNE_HOME=… npx tsx test/workflows/record-histories.ts smoke smoke/shapes/t-simcne/rot90/seed-1 …
// Record again, beside the old ones, when a plan has changed on purpose (and the change is behind `patched`).
import { openTemporal } from '../../infra/temporal-server/embedded-server.ts';
import { openClient } from '../../infra/temporal-server/open-client.ts';
import { keepHistory } from './keep-history.ts';

const server = await openTemporal();
const { client, close } = await openClient(server);
for (const workflowId of process.argv.slice(2)) await keepHistory(client, workflowId);
await close();
await server.close();
