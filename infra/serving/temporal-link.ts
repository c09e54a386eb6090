// A Temporal client for one who looks again and again: a server that does not answer is no error, and is seen to.
import type { Client } from '@temporalio/client';
import { openTemporal, type Temporal } from '../temporal-server/embedded-server.ts';
import { openClient } from '../temporal-server/open-client.ts';
import { startWorkers } from '../workers/worker-processes.ts';

const answerWithinMs = 5_000;

export interface TemporalLink {
  server: Temporal;
  /** Does what is asked with a client; undefined where the server does not answer now. */
  ask<T>(question: (client: Client) => Promise<T>): Promise<T | undefined>;
  close(): Promise<void>;
}

/** Beside an embedded server it keeps a worker that answers the UI's questions about runs. @throws where there is no server */
export async function openTemporalLink(): Promise<TemporalLink> {
  const server = await openTemporal();
  try {
    const { client, close } = await openClient(server);
    const workers = server.isEmbedded ? startWorkers(server, ['workflows']) : undefined;
    return {
      server,
      async ask(question) {
        try {
          return await client.connection.withDeadline(Date.now() + answerWithinMs, () => question(client));
        } catch (error) {
          if (!isUnanswered(error)) throw error;
          await server.revive();
          return undefined;
        }
      },
      async close() {
        await workers?.close();
        await close();
        await server.close();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** gRPC's CANCELLED, DEADLINE_EXCEEDED, INTERNAL and UNAVAILABLE, however deep the SDK has wrapped them. */
function isUnanswered(error: unknown): boolean {
  const { code, cause } = error as { code?: number; cause?: unknown };
  return [1, 4, 13, 14].includes(code ?? -1) || (cause !== undefined && isUnanswered(cause));
}
