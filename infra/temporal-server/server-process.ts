// The embedded server's process: how it is started, when it serves, how it is ended.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort, { clearLockedPorts } from 'get-port';
import { signalGroup } from '../../machine/process-group.ts';
import { lastLines } from '../setup/run-command.ts';
import { homePorts, type OwnerFiles, type ServerPorts } from './owner-place.ts';
import { searchAttributes } from './search-attributes.ts';

const host = '127.0.0.1';
const startTimeoutMs = 60_000;
const stopTimeoutMs = 15_000;
const lockedTimeoutMs = 20_000; // what a server whose owner was killed may need to end
const largestLogBytes = 10e6;
const mostAttempts = 3;
const portsWithinMs = 3_000;

export interface ServerProcess extends ServerPorts {
  /** Resolves with why, once it has ended. */
  ended: Promise<string>;
  /** Asks it to end, then insists. */
  stop(): Promise<void>;
}

/**
 * By default a task queue has four partitions. A worker that takes one task at a time polls one of them, and what has
 * waited in another for 5 s is not forwarded to it: trainings stood for minutes beside an idle worker.
 */
const partitionSettings = ['matching.numTaskqueueReadPartitions', 'matching.numTaskqueueWritePartitions'];

/**
 * Starts the server on the home's ports, or on any where another program has one of these. It serves when this resolves. Its database is
 * its own while it lives: a second server on it ends at once.
 */
export async function startServer(binary: string, files: OwnerFiles): Promise<ServerProcess> {
  const log = openLog(files.serverLog);
  const deadline = Date.now() + lockedTimeoutMs;
  try {
    for (let attempt = 1; ; ) {
      const from = statSync(files.serverLog).size;
      const said = () => readFileSync(files.serverLog).subarray(from).toString();
      const ports = await freePorts();
      const server = spawnServer(binary, files.database, ports, await getPort({ host }), log);
      const failure = await untilServing(server, ports, said);
      if (!failure) return server;
      await server.stop();
      if (said().includes('database is locked') && Date.now() < deadline) await sleep(500);
      else if (said().includes('address already in use') && attempt < mostAttempts) attempt += 1;
      else {
        throw new Error(`${failure}; its log ${files.serverLog} ends with:\n${lastLines(said(), 8)}`);
      }
    }
  } finally {
    closeSync(log);
  }
}

/** The home's own, which a server that was killed gives back in a moment. */
async function freePorts(): Promise<ServerPorts> {
  const own = homePorts();
  for (const deadline = Date.now() + portsWithinMs; ; await sleep(100)) {
    clearLockedPorts(); // or the same ones would not be given to this process again within half a minute
    const port = await getPort({ host, port: own.port });
    const uiPort = await getPort({ host, port: own.uiPort });
    if ((port === own.port && uiPort === own.uiPort) || Date.now() > deadline) return { port, uiPort };
  }
}

/** Ends the server when the pipe to this process breaks, however this process ended; without it the server would stay. */
const withOwner = 'exec 3<&0; "$@" 3<&- & pid=$!; (cat <&3 >/dev/null; kill $pid) 2>/dev/null & wait $pid';

function spawnServer(
  binary: string,
  database: string,
  { port, uiPort }: ServerPorts,
  metricsPort: number,
  log: number,
): ServerProcess {
  const words = [
    ...['server', 'start-dev', `--ip=${host}`, `--port=${port}`, `--ui-port=${uiPort}`],
    ...[`--metrics-port=${metricsPort}`, '--ui-disable-news-fetch', '--log-level=warn'],
    `--db-filename=${database}`,
    ...['journal_mode=WAL', 'synchronous=NORMAL', 'locking_mode=EXCLUSIVE'].map(
      pragma => `--sqlite-pragma=${pragma}`,
    ),
    ...partitionSettings.map(name => `--dynamic-config-value=${name}=1`),
    ...Object.entries(searchAttributes).map(([name, type]) => `--search-attribute=${name}=${type}`),
  ];
  const child = spawn('sh', ['-c', withOwner, 'sh', binary, ...words], {
    stdio: ['pipe', log, log],
    detached: true,
  });
  child.stdin!.on('error', () => {}); // it has ended
  const ended = Promise.race([
    once(child, 'exit').then(([code, signal]) => `ended (${signal ?? `exit code ${code}`})`),
    once(child, 'error').then(([error]) => `could not be started (${error.message})`),
  ]).finally(() => signalGroup(child, 'SIGKILL'));
  return {
    ...{ port, uiPort, ended },
    async stop() {
      signalGroup(child, 'SIGTERM');
      const insist = setTimeout(() => signalGroup(child, 'SIGKILL'), stopTimeoutMs);
      await ended;
      clearTimeout(insist);
    },
  };
}

/**
 * Undefined once both ports answer and the server says that they are its own (another program may have taken one
 * meanwhile); else why they will not.
 */
async function untilServing(
  server: ServerProcess,
  { port, uiPort }: ServerPorts,
  said: () => string,
): Promise<string | undefined> {
  let failure: string | undefined;
  void server.ended.then(why => {
    failure = why;
  });
  for (const deadline = Date.now() + startTimeoutMs; Date.now() < deadline; await sleep(100)) {
    if (failure) return failure;
    const isOwn = new RegExp(`Server: +\\S+:${port}\\b`).test(said());
    if (isOwn && (await answers(port)) && (await answers(uiPort))) return undefined;
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

function openLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largestLogBytes) renameSync(file, `${file}.former`);
  return openSync(file, 'a');
}
