// The process between the embedded server and its users: starts the server, and stops it when the last user is gone,
// however that one ended. Runs on its own, in its own process group; tells its starter once whether the server serves.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { lastLines } from '../setup/run-command.ts';
import { liveLeases } from './leases.ts';
import { processStart } from './process-identity.ts';
import { searchAttributes } from './search-attributes.ts';
import {
  readRecord,
  removeRecord,
  type ServerFiles,
  serverFiles,
  withServerLock,
  writeRecord,
} from './server-files.ts';

/** What the supervisor tells the process that started it. */
export type SupervisorMessage = { serving: true } | { failed: string };

const host = '127.0.0.1';
const watchIntervalMs = 300;
const startTimeoutMs = 60_000;
const stopTimeoutMs = 15_000;
const largestLogBytes = 10e6;

/**
 * By default a task queue has four partitions. A worker that takes one task at a time polls one of them, and what has
 * waited in another for 5 s is not forwarded to it: trainings stood for minutes beside an idle worker.
 */
const partitionSettings = ['matching.numTaskqueueReadPartitions', 'matching.numTaskqueueWritePartitions'];

interface Server {
  process: ChildProcess;
  port: number;
  uiPort: number;
}

await supervise(process.argv[3]);

async function supervise(binary: string): Promise<void> {
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  const files = serverFiles();
  let server: Server;
  try {
    server = await startServer(binary, files);
  } catch (error) {
    removeOwnRecord(files);
    tell({ failed: error instanceof Error ? error.message : String(error) });
    return;
  }
  process.on('SIGTERM', () => server.process.kill('SIGTERM'));
  tell({ serving: true });
  await watch(server, files);
}

/** Ends when the server has ended: by itself, or because nobody uses it. */
async function watch(server: Server, files: ServerFiles): Promise<void> {
  while (server.process.exitCode === null && server.process.signalCode === null) {
    await sleep(watchIntervalMs);
    if (liveLeases(files.leases) > 0) continue;
    await withServerLock(files, async () => {
      if (liveLeases(files.leases) > 0) return;
      await stop(server.process);
      removeOwnRecord(files);
    });
  }
  removeOwnRecord(files);
}

function removeOwnRecord(files: ServerFiles): void {
  if (readRecord(files)?.supervisor.pid === process.pid) removeRecord(files);
}

/** The usual ports where free, else others; another program may take one in between, so it tries again. */
async function startServer(binary: string, files: ServerFiles): Promise<Server> {
  const log = openLog(files.log);
  try {
    for (let attempt = 1; ; attempt++) {
      const port = await getPort({ host, port: attempt === 1 ? 7233 : undefined });
      const uiPort = await getPort({ host, port: attempt === 1 ? 8233 : undefined });
      const metricsPort = await getPort({ host });
      const child = spawn(binary, serverArguments(files.database, port, uiPort, metricsPort), {
        stdio: ['ignore', log.descriptor, log.descriptor],
      });
      const server = { process: child, port, uiPort };
      const said = () => readFileSync(files.log).subarray(log.from).toString();
      const failure = await untilServing(server, files, said);
      if (!failure) return server;
      await stop(child);
      if (attempt < 3 && said().includes('address already in use')) continue;
      throw new Error(`${failure}; its log ${files.log} ends with:\n${lastLines(said(), 8)}`);
    }
  } finally {
    closeSync(log.descriptor);
  }
}

function serverArguments(database: string, port: number, uiPort: number, metricsPort: number): string[] {
  return [
    'server',
    'start-dev',
    `--ip=${host}`,
    `--port=${port}`,
    `--ui-port=${uiPort}`,
    `--metrics-port=${metricsPort}`,
    `--db-filename=${database}`,
    '--sqlite-pragma=journal_mode=WAL',
    '--sqlite-pragma=synchronous=NORMAL',
    '--ui-disable-news-fetch',
    '--log-level=warn',
    ...partitionSettings.map(name => `--dynamic-config-value=${name}=1`),
    ...Object.entries(searchAttributes).map(([name, type]) => `--search-attribute=${name}=${type}`),
  ];
}

/**
 * Undefined once both ports answer and the server says that they are its own (another program may have taken one
 * meanwhile); else why they will not. The record is written as soon as there is a process.
 */
async function untilServing(
  { process: child, port, uiPort }: Server,
  files: ServerFiles,
  said: () => string,
): Promise<string | undefined> {
  const startError = once(child, 'error').then(([error]) => `could not be started (${error.message})`);
  if (child.pid === undefined) return startError;
  const identity = (pid: number) => ({ pid, start: processStart(pid) ?? 'ended' });
  writeRecord(files, { port, uiPort, server: identity(child.pid), supervisor: identity(process.pid) });
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) return `ended with exit code ${child.exitCode}`;
    const isOwn = new RegExp(`Server: +\\S+:${port}\\b`).test(said());
    if (isOwn && (await answers(port)) && (await answers(uiPort))) return undefined;
    await sleep(100);
  }
  return `did not open port ${port} within ${startTimeoutMs / 1000} s`;
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => end(true)).on('error', () => end(false));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(impatience);
}

function openLog(file: string): { descriptor: number; from: number } {
  const size = () => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size() > largestLogBytes) renameSync(file, `${file}.former`);
  return { from: size(), descriptor: openSync(file, 'a') };
}

function tell(message: SupervisorMessage): void {
  if (!process.connected) return;
  process.send?.(message, () => process.disconnect());
}
