// A client whose connection can be closed while calls are under way: the SDK tries a broken call again after a while, and a
// call on a channel that was closed meanwhile would end the whole process.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { Temporal } from './embedded-server.ts';

export interface OpenClient {
  client: Client;
  /** Ends the connection once no call waits to be tried again; calls under way are rejected. */
  close(): Promise<void>;
}

export async function openClient({ connectionOptions, namespace }: Temporal): Promise<OpenClient> {
  const usual = defaultGrpcRetryOptions({ maxAttempts: 50 }); // four minutes: a server that dies may come back
  let closing = false;
  let lastRetryAt = 0;
  const retry = makeGrpcRetryInterceptor({
    retryableDecider: (attempt, status) => !closing && usual.retryableDecider(attempt, status),
    delayFunction(attempt, status) {
      const delayMs = usual.delayFunction(attempt, status);
      lastRetryAt = Math.max(lastRetryAt, Date.now() + delayMs);
      return delayMs;
    },
  });
  const connection = await Connection.connect({ ...connectionOptions, interceptors: [retry] });
  return {
    client: new Client({ connection, namespace }),
    async close() {
      closing = true;
      await sleep(Math.max(0, lastRetryAt - Date.now()) + 50);
      await connection.close();
    },
  };
}
