// How the embedded server hands out tasks to a worker that does one at a time, as the training workers do.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { expect, test, vi } from 'vitest';
import { openTemporal } from '../../infra/temporal-server/embedded-server.ts';

const waitMs = 6_000; // the server treats tasks that have waited for more than 5 s otherwise than fresh ones
const taskQueue = 'one-at-a-time';

test('what is urgent goes first, however long the rest has waited; and nothing waits while the worker is idle', async () => {
  const home = await mkdtemp(path.join(tmpdir(), 'simcne-queue-'));
  for (const [name, value] of Object.entries({ SIMCNE_HOME: home, TEMPORAL_ADDRESS: undefined })) {
    vi.stubEnv(name, value);
  }
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const server = await openTemporal();
  const connection = await Connection.connect(server.connectionOptions);
  const native = await NativeConnection.connect(server.connectionOptions);
  const client = new Client({ connection });
  const begun: string[] = [];
  let goOn = () => {};
  const held = new Promise<void>(resolve => {
    goOn = resolve;
  });
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    maxConcurrentActivityTaskExecutions: 1,
    activities: {
      work: async (name: string) => {
        begun.push(name);
        await held;
      },
    },
  });
  try {
    await worker.runUntil(async () => {
      const start = (id: string, priorityKey: number) =>
        client.activity.start('work', {
          id,
          taskQueue,
          args: [id],
          startToCloseTimeout: '1 minute',
          priority: { priorityKey },
        });
      const usual = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(id => start(id, 3)));
      await sleep(waitMs);
      const urgent = await start('urgent', 1);
      goOn();
      await Promise.all([...usual, urgent].map(one => one.result()));
    });
    expect(begun[1]).toBe('urgent');
    expect(begun.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'urgent']);
  } finally {
    await native.close();
    await connection.close();
    await server.close();
    vi.unstubAllEnvs();
    await rm(home, { recursive: true, force: true });
  }
});
