// Records golden histories: what the workflows of a home's runs did, to be replayed by replay.test.ts against later versions.
//   SIMCNE_HOME=… npx tsx test/workflows/record-histories.ts smoke smoke/shapes/t-simcne/rot90/seed-1 …
// Record again, beside the old ones, when a plan has changed on purpose (and the change is behind `patched`).
// (As protobuf: the SDK's own reader of JSON histories fails on the reflection of another protobufjs beside it.)
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import proto from '@temporalio/proto';
import { openTemporal } from '../../infra/temporal-server/embedded-server.ts';
import { openClient } from '../../infra/temporal-server/open-client.ts';

const folder = new URL('./histories/', import.meta.url).pathname;
mkdirSync(folder, { recursive: true });
const server = await openTemporal();
const { client, close } = await openClient(server);
for (const workflowId of process.argv.slice(2)) {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  anonymise(history);
  const file = path.join(folder, `${workflowId.replaceAll('/', '~')}.gz`);
  writeFileSync(file, gzipSync(proto.temporal.api.history.v1.History.encode(history).finish()));
  console.log(file);
}
await close();
await server.close();

/** Takes the names of the machine and of its folders out, of payloads too. */
function anonymise(value: object): void {
  for (const [name, member] of Object.entries(value)) {
    const record = value as Record<string, unknown>;
    if (typeof member === 'string') record[name] = anonymous(member);
    else if (member instanceof Uint8Array) {
      record[name] = name === 'data' ? Buffer.from(anonymous(Buffer.from(member).toString())) : member;
    } else if (member !== null && typeof member === 'object') anonymise(member);
  }
}

function anonymous(text: string): string {
  return text
    .replaceAll(`@${hostname()}`, '@host')
    .replaceAll(/"\/[^"]*(\/(?:reports|logs|store)\/)/g, '"/simcne$1');
}
