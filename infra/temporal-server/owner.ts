// The one process that owns a home while commands use it: it runs the embedded server and the workers, starts them again where they die,
// and ends when no command needs it any more, unless it was told to stay (`simcne up`). Runs on its own, in its own process group.
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { writeWhole } from '../../artifacts/durable.ts';
import { withLock } from '../../artifacts/lock.ts';
import { startWorkers, type WorkerProcesses } from '../workers/worker-processes.ts';
import { type Commands, openCommands } from './owner-commands.ts';
import { connectToOwner, ownerFiles } from './owner-place.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { temporalConfig } from './temporal-config.ts';

/** A server that dies more often than so is not started again: it needs a person. */
const mostRestarts = 20;
const restartsWithinMs = 10 * 60_000;
const lockWithinMs = 5_000; // whoever looks whether there is an owner holds the lock for a moment

const [binary] = process.argv.slice(2);
const files = ownerFiles();
const told = new AbortController();
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('SIGTERM', () => told.abort());
await withLock(files.lock, AbortSignal.timeout(lockWithinMs), own, leaveToAnother).catch(error => {
  if (error.name !== 'TimeoutError') throw error;
});
process.exit();

/** Where several commands have started one in the same moment. */
function leaveToAnother(): void {
  void connectToOwner(files).then(socket => socket && process.exit());
}

async function own(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'simcne-')); // of this machine: nobody else could use what runs here
  const socket = path.join(folder, 'owner.sock');
  const commands = await openCommands(socket);
  const record = { socket, host: hostname(), pid: process.pid, startedAt: new Date().toISOString() };
  await writeWhole(files.record, JSON.stringify(record));
  try {
    await runServer(commands);
  } catch (error) {
    commands.update({ failed: error instanceof Error ? error.message : String(error) });
  }
  commands.update({ failed: commands.state.failed ?? 'it was told to end' });
  rmSync(folder, { recursive: true, force: true });
}

/** Keeps the server alive until no command needs it; beside it workers, while a command needs these. */
async function runServer(commands: Commands): Promise<void> {
  const starts: number[] = [];
  const isTold = new Promise(resolve => told.signal.addEventListener('abort', resolve));
  const start = async () => {
    starts.push(Date.now());
    const server = await startServer(binary, files);
    const { port, uiPort } = server;
    commands.update({ port, uiPort, starts: starts.length });
    return server;
  };
  let server = await start();
  let workers: WorkerProcesses | undefined;
  try {
    while (!told.signal.aborted && !commands.areDone()) {
      const { stays, users } = commands.state;
      if ((stays || users > 0) && !workers) workers = openWorkers(server, commands);
      if (!stays && users === 0 && workers) {
        const ending = workers;
        workers = undefined;
        await ending.close();
        commands.update({ workers: 'off' });
        continue;
      }
      const died = await Promise.race([server.ended, commands.changed(), isTold]);
      if (typeof died !== 'string') continue;
      if (starts.filter(at => Date.now() - at < restartsWithinMs).length > mostRestarts) {
        throw new Error(`${died}, for the ${starts.length}th time; see ${files.serverLog}`);
      }
      const { port } = server;
      server = await start();
      if (server.port !== port) {
        await workers?.close(); // another program has taken its port
        workers = undefined;
      }
    }
  } finally {
    commands.shut();
    await workers?.close();
    await server.stop();
  }
}

function openWorkers({ port, uiPort }: ServerProcess, commands: Commands): WorkerProcesses {
  const { namespace } = temporalConfig();
  const address = `127.0.0.1:${port}`;
  return startWorkers({ address, namespace, uiUrl: `http://127.0.0.1:${uiPort}` }, undefined, workers =>
    commands.update({ workers }),
  );
}
