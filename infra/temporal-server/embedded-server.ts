// The Temporal server of a command: the one that the environment names, else an embedded one that all commands of a home share.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { home, temporalDatabase } from '../home.ts';
import { findTemporalBinary } from '../setup/temporal-binary.ts';
import { ensureSearchAttributes } from './ensure-search-attributes.ts';
import { liveLeases, takeLease } from './leases.ts';
import { prepareNamed } from './named-server.ts';
import { isSameProcess } from './process-identity.ts';
import {
  isServing,
  readRecord,
  removeRecord,
  type ServerFiles,
  type ServerRecord,
  serverFiles,
  withServerLock,
} from './server-files.ts';
import type { SupervisorMessage } from './supervisor.ts';
import { type NamedServer, temporalConfig } from './temporal-config.ts';

export interface Temporal {
  /** As `127.0.0.1:7233`. */
  address: string;
  namespace: string;
  /** The Web UI of the embedded server. */
  uiUrl?: string;
  isEmbedded: boolean;
  /** For `Connection.connect` and `NativeConnection.connect`. */
  connectionOptions: NativeConnectionOptions;
  /** Gives the embedded server up; the last one out waits until it has stopped. */
  close(): Promise<void>;
}

/** Closed runs stay to be compared: a hundred years, which the server accepts. */
const retention = msToTs('36500 days');
const grpcNotFound = 5;
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
  return { ...server, isEmbedded: false, close: async () => {} };
}

async function openEmbedded(namespace: string): Promise<Temporal> {
  const files = serverFiles();
  const release = takeLease(files.leases);
  try {
    const { port, uiPort } = await withServerLock(files, async () => {
      const record = await runningServer(files);
      return record ?? startServer(files);
    });
    const address = `127.0.0.1:${port}`;
    await untilReady(address, namespace, files);
    return {
      address,
      namespace,
      uiUrl: `http://127.0.0.1:${uiPort}`,
      isEmbedded: true,
      connectionOptions: { address },
      close: async () => {
        const record = readRecord(files);
        release();
        if (record) await untilStopped(record, files);
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** The recorded server where it runs under its supervisor. What is left of one without is ended. */
async function runningServer(files: ServerFiles) {
  const record = readRecord(files);
  if (!record || isServing(record)) return record;
  const { pid, start } = record.server;
  for (let attempt = 0; isSameProcess(pid, start); attempt++) {
    process.kill(pid, attempt * 100 < stopTimeoutMs ? 'SIGTERM' : 'SIGKILL');
    await sleep(100);
  }
  removeRecord(files);
  return undefined;
}

async function startServer(files: ServerFiles) {
  const binary = await findTemporalBinary();
  if (!binary) {
    throw new Error(
      'Temporal: the server program is missing; run "npm run setup", or name a running server in TEMPORAL_ADDRESS',
    );
  }
  const starter = fileURLToPath(new URL('../../numeric/typescript-start.js', import.meta.url));
  const supervisor = fork(starter, [new URL('./supervisor.ts', import.meta.url).href, binary.path], {
    detached: true,
    execArgv: [],
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
async function untilReady(address: string, namespace: string, files: ServerFiles): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    try {
      return await prepareNamespace(address, namespace);
    } catch (error) {
      if (Date.now() < deadline && isServing(readRecord(files)!)) {
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

/** The server makes `default` by itself, with a retention of a day; another namespace (TEMPORAL_NAMESPACE) is made here. */
async function ensureNamespace({ workflowService }: Connection, namespace: string): Promise<void> {
  const found = await workflowService.describeNamespace({ namespace }).catch(error => {
    if (error.code === grpcNotFound && namespace !== 'default') return undefined;
    throw error;
  });
  if (!found) {
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention });
  } else if (!retention.seconds?.eq(found.config?.workflowExecutionRetentionTtl?.seconds ?? 0)) {
    await workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: retention },
    });
  }
}

/** Ends when both the server and its supervisor are gone, or another user is found to need them. */
async function untilStopped({ server, supervisor }: ServerRecord, files: ServerFiles): Promise<void> {
  const deadline = Date.now() + stopTimeoutMs;
  while (liveLeases(files.leases) === 0 && Date.now() < deadline) {
    if (![server, supervisor].some(({ pid, start }) => isSameProcess(pid, start))) return;
    await sleep(100);
  }
}
