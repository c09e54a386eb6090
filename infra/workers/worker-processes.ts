// The workers that the command line starts beside an embedded server, started again when they die.
import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { home, logsFolder, packageRoot } from '../home.ts';
import type { Temporal } from '../temporal-server/embedded-server.ts';
import { takeOnlyLease } from '../temporal-server/leases.ts';
import { type MetricsAddress, metricsAddressText, parseMetricsAddress } from './metrics-address.ts';
import { type QueueName, queueNames } from './queue-names.ts';

const restartDelayMs = 2_000;
const stopLimitMs = 30_000; // a checkpoint is written in a second or two

export interface WorkerProcesses {
  close(): Promise<void>;
}

export interface SharedWorkers extends WorkerProcesses {
  /** Rejects where there were none left and others could not be started; pending else. */
  lost: Promise<never>;
}

const watchMs = 1_000;

/**
 * The workers of this home: started by one command at a time. Where another has them, its are used, and others started
 * once it has ended, however that was. `beforeStart` is done before any are.
 */
export async function shareWorkers(
  server: Temporal,
  beforeStart: () => Promise<void>,
): Promise<SharedWorkers> {
  const leases = path.join(home(), 'temporal-server', 'workers');
  const closing = new AbortController();
  let own: { workers: WorkerProcesses; release: () => void } | undefined;
  const takeOver = async () => {
    const release = await takeOnlyLease(leases);
    if (!release) return;
    await beforeStart();
    own = { release, workers: await startWorkers(server) };
  };
  const watch = async () => {
    while (!own && !closing.signal.aborted) {
      await sleep(watchMs, undefined, { signal: closing.signal }).catch(() => {});
      if (!closing.signal.aborted) await takeOver();
    }
  };
  await takeOver();
  const watching = watch();
  return {
    lost: new Promise((_, reject) => watching.catch(reject)),
    async close() {
      closing.abort();
      await watching.catch(() => {}); // told by `lost`
      await own?.workers.close();
      own?.release();
    },
  };
}

/** Starts one worker process for each queue; `close` stops them and waits until they are gone. */
export async function startWorkers(
  server: Temporal,
  queues: QueueName[] = ['cpu', 'train'],
): Promise<WorkerProcesses> {
  const metrics = parseMetricsAddress(process.env.SIMCNE_METRICS, 'SIMCNE_METRICS');
  await mkdir(logsFolder(), { recursive: true });
  let closing = false;
  const running = new Map<QueueName, ChildProcess>();
  const start = (queue: QueueName) => {
    const worker = spawnWorker(queue, server, metrics);
    running.set(queue, worker);
    worker.once('exit', async () => {
      if (closing) return;
      await sleep(restartDelayMs);
      if (!closing) start(queue);
    });
  };
  for (const queue of queues) start(queue);
  return {
    async close() {
      closing = true;
      await Promise.all([...running.values()].map(stop));
    },
  };
}

/**
 * Log files: `worker-cpu.log`, `worker-train.log`. Own process groups, so that Ctrl-C reaches the CLI alone. Metrics are at the port
 * that was told for the first queue's worker, at the next ones for the others'.
 */
function spawnWorker(queue: QueueName, server: Temporal, metrics: MetricsAddress | undefined): ChildProcess {
  const log = openSync(path.join(logsFolder(), `worker-${queue}.log`), 'a');
  return spawn(process.execPath, [path.join(packageRoot, 'infra', 'simcne.js'), 'worker', '--queue', queue], {
    stdio: ['ignore', log, log, 'ipc'],
    detached: true,
    env: {
      ...process.env,
      TEMPORAL_ADDRESS: server.address,
      TEMPORAL_NAMESPACE: server.namespace,
      SIMCNE_TEMPORAL_UI: server.uiUrl ?? '',
      TEMPORAL_DEPLOYMENT_NAME: '', // versions are a cluster's matter
      SIMCNE_METRICS: metrics ? metricsAddressText(metrics, queueNames.indexOf(queue)) : '',
    },
  });
}

/** Asks, then insists: a worker whose server is gone cannot say goodbye. */
async function stop(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = new Promise(resolve => worker.once('exit', resolve));
  worker.kill('SIGTERM');
  const insist = setTimeout(() => worker.kill('SIGKILL'), stopLimitMs);
  await gone;
  clearTimeout(insist);
}
