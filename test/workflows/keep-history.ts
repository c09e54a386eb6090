// Where golden histories lie, and how one is kept: without names of the machine.
// (As protobuf: the SDK's own reader of JSON histories fails on the reflection of another protobufjs beside it.)
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';

export const historiesFolder = new URL('./histories/', import.meta.url).pathname;

/** Keeps what a workflow did, under its id or another name. */
export async function keepHistory(client: Client, workflowId: string, name = workflowId): Promise<void> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  anonymise(history);
  const file = path.join(historiesFolder, `${name.replaceAll('/', '~')}.gz`);
  mkdirSync(historiesFolder, { recursive: true });
  writeFileSync(file, gzipSync(proto.temporal.api.history.v1.History.encode(history).finish()));
  console.log(file);
}

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
