// The process between the embedded server and its users: starts the server (or takes one over whose supervisor died), starts it
// again where it dies, and stops it when the last user is gone, however that one ended. Runs on its own, in its own process group;
// tells its starter once whether the server serves.
import { setTimeout as sleep } from 'node:timers/promises';
import { liveLeases } from './leases.ts';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';
import {
  readRecord,
  removeRecord,
  type ServerFiles,
  type ServerRecord,
  serverFiles,
  withServerLock,
  writeRecord,
} from './server-files.ts';
import { answers, startServer, stop } from './server-process.ts';

/** What the supervisor tells the process that started it. */
export type SupervisorMessage = { serving: true } | { failed: string };

const watchIntervalMs = 300;
/** A server that dies more often than so is not started again: it needs a person. */
const mostRestarts = 20;
const restartsWithinMs = 10 * 60_000;

await supervise(process.argv[2]);

async function supervise(binary: string): Promise<void> {
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  const stopping = new AbortController();
  process.on('SIGTERM', () => stopping.abort());
  const files = serverFiles();
  try {
    const server = (await takeOver(files)) ?? (await startServer(binary, files));
    tell({ serving: true });
    await watch(server, binary, files, stopping.signal);
  } catch (error) {
    tell({ failed: error instanceof Error ? error.message : String(error) });
  }
  if (isOwn(readRecord(files))) removeRecord(files);
}

/** Makes this process the supervisor of a server that lost its own and serves; ends one that does not. */
async function takeOver(files: ServerFiles): Promise<ProcessIdentity | undefined> {
  const record = readRecord(files);
  if (!record) return undefined;
  if (isAlive(record.server) && (await answers(record.port))) {
    writeRecord(files, { ...record, supervisor: identityOf(process.pid) });
    return record.server;
  }
  await stop(record.server);
  return undefined;
}

/** Keeps the server alive while somebody uses it; ends it when nobody does, when told to, or when this process cannot go on. */
async function watch(
  server: ProcessIdentity,
  binary: string,
  files: ServerFiles,
  stopping: AbortSignal,
): Promise<void> {
  const restarts: number[] = [];
  const isUsed = () => liveLeases(files.leases) > 0 && !stopping.aborted;
  let current = server;
  try {
    while (isOwn(readRecord(files))) {
      await sleep(watchIntervalMs, undefined, { signal: stopping }).catch(() => {});
      if (isAlive(current) && isUsed()) continue;
      await withServerLock(files, async () => {
        if (!isOwn(readRecord(files))) return;
        const isBeyondHope = !isAlive(current) && isTooOften(restarts);
        if (!isUsed() || isBeyondHope) {
          await stop(current);
          removeRecord(files);
        } else if (!isAlive(current)) {
          restarts.push(Date.now());
          current = await startServer(binary, files);
        }
      });
    }
  } catch (error) {
    await stop(current);
    throw error;
  }
}

function isTooOften(restarts: number[]): boolean {
  return restarts.filter(at => Date.now() - at < restartsWithinMs).length >= mostRestarts;
}

function isOwn(record: ServerRecord | undefined): boolean {
  return record?.supervisor.pid === process.pid;
}

function tell(message: SupervisorMessage): void {
  if (!process.connected) return;
  process.send?.(message, () => process.disconnect());
}
