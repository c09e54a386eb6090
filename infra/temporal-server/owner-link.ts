// A command's connection to the owner of its home, which is started where there is none.
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isLocked } from '../../artifacts/lock.ts';
import { home, logsFolder } from '../home.ts';
import { lastLines } from '../setup/run-command.ts';
import { findTemporalBinary } from '../setup/temporal-binary.ts';
import {
  connectToOwner,
  type OwnerFiles,
  type OwnerRequest,
  type OwnerState,
  ownerFiles,
  readLines,
  readOwnerRecord,
} from './owner-place.ts';
import { TemporalConfiguration } from './temporal-config.ts';

export interface OwnerLink {
  /** What it said last. */
  state(): OwnerState;
  /** Whether it is still there. */
  isOpen(): boolean;
  /** Resolves when it says something new, or is gone. */
  changed(): Promise<unknown>;
  ask(request: OwnerRequest): void;
  /** Resolves when it is gone. */
  ended: Promise<unknown>;
  /** Gives it up; where nobody else needs it, waits for its end. */
  close(): Promise<void>;
}

const answerWithinMs = 15_000; // of one that another command has started, or that ends
const startWithinMs = 60_000;
const lookMs = 50;

/** Connects to the owner of this home; `mayStart: false` answers undefined where there is none. @throws where another machine owns it */
export async function openOwnerLink(
  needs: 'server' | 'workers',
  { mayStart = true } = {},
): Promise<OwnerLink | undefined> {
  const files = ownerFiles();
  for (const folder of [files.folder, logsFolder()]) mkdirSync(folder, { recursive: true });
  let started: { failure?: string } | undefined;
  for (const began = Date.now(); ; await sleep(lookMs)) {
    const socket = await connectToOwner(files);
    const link = socket && linkOver(socket);
    link?.ask({ needs });
    await link?.changed(); // its answer; one that is about to end gives none
    if (link?.isOpen()) return link;
    if (started?.failure) throw new Error(started.failure);
    const isFree = !started && !(await isLocked(files.lock)); // one that starts wants the lock itself
    if (isFree && !mayStart) return undefined;
    if (isFree) started = await startOwner(files);
    if (Date.now() - began > (started ? startWithinMs : answerWithinMs)) throw strangeOwner(files);
  }
}

function strangeOwner(files: OwnerFiles): Error {
  const { host = 'another machine', pid, startedAt } = readOwnerRecord(files) ?? {};
  const where = host === hostname() ? `another container or user on ${host}` : host;
  return new TemporalConfiguration(
    `${home()} is in use by ${where} (process ${pid} there, since ${startedAt}): "simcne down" there ends that; to use a home on several ` +
      'machines start a Temporal server of your own and name it in TEMPORAL_ADDRESS on each',
  );
}

function linkOver(socket: Socket): OwnerLink {
  const events = new EventEmitter();
  let state: OwnerState = { starts: 0, workers: 'off', stays: false, users: 0 };
  let isOpen = true;
  const closed = new Promise(resolve => socket.once('close', resolve));
  readLines<OwnerState>(socket, said => {
    state = said;
    events.emit('change');
  });
  socket.on('error', () => {}).on('end', () => socket.end());
  void closed.then(() => {
    isOpen = false;
    events.emit('change');
  });
  return {
    state: () => state,
    isOpen: () => isOpen,
    changed: () => once(events, 'change'),
    ask: request => socket.write(`${JSON.stringify(request)}\n`),
    ended: closed,
    async close() {
      socket.end();
      await closed;
    },
  };
}

/** Starts an owner; `failure` is set where it ends at once. */
async function startOwner(files: OwnerFiles): Promise<{ failure?: string }> {
  const binary = await findTemporalBinary();
  if (!binary) {
    throw new Error(
      'Temporal: the server program is missing; run "simcne setup", or name a running server in TEMPORAL_ADDRESS',
    );
  }
  const log = openSync(files.log, 'a');
  const program = fileURLToPath(new URL('../../dist/owner.js', import.meta.url));
  const owner = spawn(process.execPath, ['--enable-source-maps', program, binary.path], {
    ...{ detached: true, stdio: ['ignore', log, log], cwd: files.folder },
    env: { ...process.env, SIMCNE_HOME: home() },
  });
  const started: { failure?: string } = {};
  owner.once('exit', (code, signal) => {
    if (code === 0) return;
    const words = lastLines(readFileSync(files.log, 'utf8'), 8);
    started.failure = `Temporal: the process that runs the server ended (${signal ?? `exit code ${code}`}); ${files.log} ends with:\n${words}`;
  });
  owner.unref();
  return started;
}
