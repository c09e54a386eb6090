// Watches the Temporal server while a command waits for a result: says when it was away, and ends the waiting where it stays away.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Temporal } from '../temporal-server/embedded-server.ts';

/** The server does not answer any more. */
export class ServerLost extends Error {
  override name = 'ServerLost';
}

export interface ServerWatch {
  /** What the person can do when the server is lost, in words. */
  wayOut: string;
  say: (line: string) => void;
  done: AbortSignal;
}

const askEveryMs = 2_000;
const answerWithinMs = 5_000;
const patienceMs = 120_000; // a cluster may fail over; the embedded server is started again within seconds

/** Rejects with `ServerLost` once the server will not come back, or has not answered for too long. Pending until `done` aborts. */
export async function untilServerLost(
  client: Client,
  server: Temporal,
  { wayOut, say, done }: ServerWatch,
): Promise<never> {
  let heardAt = Date.now();
  let wasAway = false;
  while (!done.aborted) {
    await sleep(askEveryMs, undefined, { signal: done }).catch(() => {});
    const state = done.aborted ? 'as before' : await server.revive();
    wasAway ||= state === 'started again';
    if (state !== 'gone' && (await answers(client))) {
      // else another home's may answer there
      if (wasAway) say('the Temporal server was away and is back: the run goes on');
      [heardAt, wasAway] = [Date.now(), false];
    } else if (!done.aborted) {
      if (state === 'gone' || Date.now() - heardAt > patienceMs) {
        throw new ServerLost(
          `the Temporal server at ${server.address} is gone; what was made is kept: ${wayOut}`,
        );
      }
      wasAway = true;
    }
  }
  return new Promise<never>(() => {});
}

async function answers({ connection, workflowService }: Client): Promise<boolean> {
  try {
    await connection.withDeadline(Date.now() + answerWithinMs, () => workflowService.getSystemInfo({}));
    return true;
  } catch {
    return false;
  }
}
