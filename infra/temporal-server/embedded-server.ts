// The Temporal server of a command: the one that the environment names, else an embedded one that all commands of a home share.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { home, temporalDatabase } from '../home.ts';
import { findTemporalBinary } from '../setup/temporal-binary.ts';
import { ensureNamespace } from './ensure-namespace.ts';
import { ensureSearchAttributes } from './ensure-search-attributes.ts';
import { liveLeases, takeLease } from './leases.ts';
import { prepareNamed } from './named-server.ts';
import { isAlive } from './process-identity.ts';
import {
  isWatched,
  readRecord,
  type ServerFiles,
  type ServerRecord,
  serverFiles,
  withServerLock,
} from './server-files.ts';
import type { SupervisorMessage } from './supervisor.ts';
import { type NamedServer, temporalConfig } from './temporal-config.ts';
import { rememberUi } from './ui-pages.ts';

export interface Temporal {
  /** As `127.0.0.1:7233`. */
  address: string;
  namespace: string;
  /** The Web UI of the embedded server. */
  uiUrl?: string;
  isEmbedded: boolean;
  /** For `Connection.connect` and `NativeConnection.connect`. */
  connectionOptions: NativeConnectionOptions;
  /**
   * Whether it has been started again since it was last asked, or will not come back. The embedded server is started again by its
   * supervisor; a supervisor that died, by whoever asks here.
   */
  revive(): Promise<'as before' | 'started again' | 'gone'>;
  /** Gives the embedded server up; the last one out waits until it has stopped. */
  close(): Promise<void>;
}

const readyTimeoutMs = 30_000;
const stopTimeoutMs = 20_000;

/**
 * The server of TEMPORAL_ADDRESS or of a profile in Temporal's configuration file, where there is one; else the
 * embedded server of this home, started where none runs. It is ready: namespace and search attributes are there.
 * @throws with what to do, where it cannot be reached or started
 */
export async function openTemporal(): Promise<Temporal> {
  const { namespace, named } = temporalConfig();
  return named ? openNamed(named) : openEmbedded(namespace);
}

async function openNamed(server: NamedServer): Promise<Temporal> {
  await prepareNamed(server);
  const revive = async () => 'as before' as const; // a cluster sees to itself
  return { ...server, isEmbedded: false, revive, close: async () => {} };
}

async function openEmbedded(namespace: string): Promise<Temporal> {
  const files = serverFiles();
  const release = takeLease(files.leases);
  try {
    const { port, uiPort } = await withServerLock(files, () => ensureSupervisor(files));
    const address = `127.0.0.1:${port}`;
    const revive = reviver(files);
    await untilReady(address, namespace, files, revive);
    const uiUrl = `http://127.0.0.1:${uiPort}`;
    rememberUi(uiUrl);
    return {
      address,
      namespace,
      uiUrl,
      isEmbedded: true,
      connectionOptions: { address },
      revive,
      close: async () => {
        await revive().finally(release); // without a supervisor nobody would stop it
        const record = readRecord(files);
        if (record) await untilStopped(record, files);
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Notices what died since it was last called, and has a dead supervisor replaced; one that gave up leaves no record. */
function reviver(files: ServerFiles): Temporal['revive'] {
  let known = readRecord(files)?.server;
  return async () => {
    const record = readRecord(files);
    if (!record) return 'gone';
    const { server } = isWatched(record)
      ? record
      : await withServerLock(files, () => ensureSupervisor(files));
    const isNew = server.pid !== known?.pid || server.start !== known.start;
    known = server;
    return isNew ? 'started again' : 'as before';
  };
}

/** The record of the server that a supervisor watches: one that runs already, or a new one. */
async function ensureSupervisor(files: ServerFiles): Promise<ServerRecord> {
  const record = readRecord(files);
  return record && isWatched(record) ? record : startSupervisor(files);
}

async function startSupervisor(files: ServerFiles): Promise<ServerRecord> {
  const binary = await findTemporalBinary();
  if (!binary) {
    throw new Error(
      'Temporal: the server program is missing; run "simcne setup", or name a running server in TEMPORAL_ADDRESS',
    );
  }
  const program = fileURLToPath(new URL('../../dist/supervisor.js', import.meta.url));
  const supervisor = fork(program, [binary.path], {
    detached: true,
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    cwd: files.folder,
    env: { ...process.env, SIMCNE_HOME: home() },
  });
  const failure = await supervisorFailure(supervisor);
  if (failure) {
    throw new Error(
      `Temporal: the embedded server (${binary.path}) ${failure}\n` +
        `If its database is broken, move ${temporalDatabase()} away: results are kept in the store, only the history of runs is lost`,
    );
  }
  supervisor.unref();
  return readRecord(files)!;
}

async function supervisorFailure(supervisor: ChildProcess): Promise<string | undefined> {
  const said = once(supervisor, 'message').then(([message]) => message as SupervisorMessage);
  const ended = once(supervisor, 'exit').then(([code, signal]) => ({
    failed: `lost its supervisor (${signal ?? `exit code ${code}`})`,
  }));
  const outcome = await Promise.race([said, ended]);
  return 'failed' in outcome ? outcome.failed : undefined;
}

/** The port opens before the namespace is there: asks until it is, then completes it. */
async function untilReady(
  address: string,
  namespace: string,
  files: ServerFiles,
  revive: Temporal['revive'],
): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    try {
      return await prepareNamespace(address, namespace);
    } catch (error) {
      if (Date.now() < deadline && (await revive()) !== 'gone') {
        await sleep(100);
        continue;
      }
      throw new Error(
        `Temporal: the embedded server at ${address} does not serve namespace ${namespace} (${error instanceof Error ? error.message : error}); see ${files.log}`,
      );
    }
  }
}

async function prepareNamespace(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: '5s' });
  try {
    await ensureNamespace(connection, namespace);
    await ensureSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
}

/** Ends when both the server and its supervisor are gone, or another user is found to need them. */
async function untilStopped({ server, supervisor }: ServerRecord, files: ServerFiles): Promise<void> {
  const deadline = Date.now() + stopTimeoutMs;
  while (liveLeases(files.leases) === 0 && Date.now() < deadline) {
    if (![server, supervisor].some(isAlive)) return;
    await sleep(100);
  }
}
