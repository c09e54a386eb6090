// The embedded server's process: how it is started, when it serves, how it is ended.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort, { clearLockedPorts } from 'get-port';
import { lastLines } from '../setup/run-command.ts';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';
import { searchAttributes } from './search-attributes.ts';
import { readRecord, type ServerFiles, type ServerRecord, writeRecord } from './server-files.ts';

const host = '127.0.0.1';
const startTimeoutMs = 60_000;
const stopTimeoutMs = 15_000;
const largestLogBytes = 10e6;
const mostAttempts = 3;

/**
 * By default a task queue has four partitions. A worker that takes one task at a time polls one of them, and what has
 * waited in another for 5 s is not forwarded to it: trainings stood for minutes beside an idle worker.
 */
const partitionSettings = ['matching.numTaskqueueReadPartitions', 'matching.numTaskqueueWritePartitions'];

/**
 * Starts the server and writes its record, with this process as its supervisor: on the ports that it had, or else the usual ones,
 * where they are free; another program may take one in between, so it tries again. Who waits for a server looks where it was: it goes
 * elsewhere at last only. It serves when this resolves.
 */
export async function startServer(binary: string, files: ServerFiles): Promise<ProcessIdentity> {
  const former = readRecord(files) ?? { port: 7233, uiPort: 8233 };
  const log = openLog(files.log);
  const said = () => readFileSync(files.log).subarray(log.from).toString();
  const isTaken = () => said().includes('address already in use');
  try {
    for (let attempt = 1; ; attempt++) {
      clearLockedPorts(); // or the same ones would not be given to this process again within half a minute
      const wanted: Partial<typeof former> = attempt === mostAttempts && isTaken() ? {} : former;
      const port = await getPort({ host, port: wanted.port });
      const uiPort = await getPort({ host, port: wanted.uiPort });
      const metricsPort = await getPort({ host });
      const child = spawn(binary, serverArguments(files.database, port, uiPort, metricsPort), {
        stdio: ['ignore', log.descriptor, log.descriptor],
      });
      const failure = await untilServing(child, { port, uiPort }, files, said);
      const identity = identityOf(child.pid ?? 0);
      if (!failure) return identity;
      await stop(identity);
      if (attempt < mostAttempts && (isTaken() || child.signalCode !== null)) continue;
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
  child: ChildProcess,
  { port, uiPort }: Pick<ServerRecord, 'port' | 'uiPort'>,
  files: ServerFiles,
  said: () => string,
): Promise<string | undefined> {
  const startError = once(child, 'error').then(([error]) => `could not be started (${error.message})`);
  if (child.pid === undefined) return startError;
  writeRecord(files, { port, uiPort, server: identityOf(child.pid), supervisor: identityOf(process.pid) });
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    if (child.signalCode !== null) return `was ended by ${child.signalCode}`;
    if (child.exitCode !== null) return `ended with exit code ${child.exitCode}`;
    const isOwn = new RegExp(`Server: +\\S+:${port}\\b`).test(said());
    if (isOwn && (await answers(port)) && (await answers(uiPort))) return undefined;
    await sleep(100);
  }
  return `did not open port ${port} within ${startTimeoutMs / 1000} s`;
}

/** Whether anything listens on a port of this machine. */
export function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => end(true)).on('error', () => end(false));
  });
}

/** Asks the server to end, then insists; it need not be a child of this process. */
export async function stop(server: ProcessIdentity): Promise<void> {
  for (let waitedMs = 0; isAlive(server); waitedMs += 100) {
    if (waitedMs === 0) process.kill(server.pid, 'SIGTERM');
    if (waitedMs >= stopTimeoutMs) process.kill(server.pid, 'SIGKILL');
    await sleep(100);
  }
}

function openLog(file: string): { descriptor: number; from: number } {
  const size = () => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size() > largestLogBytes) renameSync(file, `${file}.former`);
  return { from: size(), descriptor: openSync(file, 'a') };
}
