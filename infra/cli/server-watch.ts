// Notices that the Temporal server is gone: waiting for a result would otherwise go on in silence.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Temporal } from '../temporal-server/embedded-server.ts';

/** The server does not answer any more. */
export class ServerLost extends Error {
  override name = 'ServerLost';
}

const askEveryMs = 2_000;
const answerWithinMs = 5_000;
const patienceMs = { embedded: 6_000, named: 120_000 }; // a cluster may fail over; our own server does not come back

/** Rejects with `ServerLost` once the server has not answered for too long. Pending until `done` aborts. */
export async function untilServerLost(
  client: Client,
  server: Temporal,
  wayOut: string,
  done: AbortSignal,
): Promise<never> {
  const patience = patienceMs[server.isEmbedded ? 'embedded' : 'named'];
  let heardAt = Date.now();
  while (!done.aborted) {
    await sleep(askEveryMs, undefined, { signal: done }).catch(() => {});
    try {
      await client.connection.withDeadline(Date.now() + answerWithinMs, () =>
        client.workflowService.getSystemInfo({}),
      );
      heardAt = Date.now();
    } catch {
      if (done.aborted || Date.now() - heardAt < patience) continue;
      throw new ServerLost(
        `the Temporal server at ${server.address} is gone; what was made is kept: ${wayOut}`,
      );
    }
  }
  return new Promise<never>(() => {});
}
