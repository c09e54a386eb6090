// The workers beside an embedded server, started again when they die.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logsFolder, packageRoot } from '../home.ts';
import { lastLines } from '../setup/run-command.ts';
import type { Temporal } from '../temporal-server/embedded-server.ts';
import { answers } from '../temporal-server/server-process.ts';
import { type MetricsAddress, metricsAddressText, parseMetricsAddress } from './metrics-address.ts';
import { type QueueName, queueNames } from './queue-names.ts';

const restartDelayMs = 2_000;
const stopLimitMs = 30_000; // a checkpoint is written in a second or two
const mostFailures = 3;
const patienceMs = 60_000; // with one that cannot be started: its cause may be seen to meanwhile

export interface WorkerProcesses {
  close(): Promise<void>;
}

/** `failed` says why a worker does not serve, tried three times. */
export type WorkersState = 'starting' | 'serving' | { failed: string };

/** Starts one worker process for each queue; `close` stops them and waits until they are gone. */
export function startWorkers(
  server: Pick<Temporal, 'address' | 'namespace' | 'uiUrl'>,
  queues: QueueName[] = ['cpu', 'train'],
  onState = (_state: WorkersState) => {},
): WorkerProcesses {
  const metrics = parseMetricsAddress(process.env.SIMCNE_METRICS, 'SIMCNE_METRICS');
  mkdirSync(logsFolder(), { recursive: true });
  const closing = new AbortController();
  const states = new Map<QueueName, WorkersState>(queues.map(queue => [queue, 'starting']));
  const tell = (queue: QueueName, state: WorkersState) => {
    states.set(queue, state);
    const all = [...states.values()];
    const worst = all.find(one => typeof one === 'object') ?? all.find(one => one === 'starting');
    onState(worst ?? 'serving');
  };
  const keep = async (queue: QueueName) => {
    for (let failures = 0; !closing.signal.aborted; ) {
      const { hasServed, words } = await runWorker(queue, server, metrics, closing.signal, () =>
        tell(queue, 'serving'),
      );
      if (hasServed) failures = 0;
      else if (await answers(Number(server.address.split(':')[1]))) failures += 1; // else the server has to come back first
      if (failures >= mostFailures) {
        tell(queue, {
          failed: `the worker of queue ${queue} has ended ${failures} times before it served; it said:\n${words}`,
        });
      }
      await sleep(failures < mostFailures ? restartDelayMs : patienceMs, undefined, closing).catch(() => {});
    }
  };
  const all = Promise.all(queues.map(keep));
  return {
    async close() {
      closing.abort();
      await all;
    },
  };
}

/** One worker from its start to its end: whether it has served, and its last words. */
async function runWorker(
  queue: QueueName,
  server: Pick<Temporal, 'address' | 'namespace' | 'uiUrl'>,
  metrics: MetricsAddress | undefined,
  closing: AbortSignal,
  onServing: () => void,
): Promise<{ hasServed: boolean; words: string }> {
  const log = path.join(logsFolder(), `worker-${queue}.log`);
  const from = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  const worker = spawnWorker(queue, log, server, metrics);
  let hasServed = false;
  worker.on('message', () => {
    hasServed = true;
    onServing();
  });
  const end = () => void stop(worker);
  closing.addEventListener('abort', end);
  await new Promise(resolve => worker.once('exit', resolve).once('error', resolve));
  closing.removeEventListener('abort', end);
  const words = hasServed ? '' : lastLines(readFileSync(log).subarray(from).toString(), 8);
  return { hasServed, words };
}

/**
 * Log files: `worker-cpu.log`, `worker-train.log`. Own process groups, so that Ctrl-C reaches the CLI alone. Metrics are at the port
 * that was told for the first queue's worker, at the next ones for the others'.
 */
function spawnWorker(
  queue: QueueName,
  log: string,
  server: Pick<Temporal, 'address' | 'namespace' | 'uiUrl'>,
  metrics: MetricsAddress | undefined,
): ChildProcess {
  const output = openSync(log, 'a');
  const worker = spawn(
    process.execPath,
    [path.join(packageRoot, 'infra', 'simcne.js'), 'worker', '--queue', queue],
    {
      stdio: ['ignore', output, output, 'ipc'],
      detached: true,
      env: {
        ...process.env,
        TEMPORAL_ADDRESS: server.address,
        TEMPORAL_NAMESPACE: server.namespace,
        SIMCNE_TEMPORAL_UI: server.uiUrl ?? '',
        TEMPORAL_DEPLOYMENT_NAME: '', // versions are a cluster's matter
        SIMCNE_METRICS: metrics ? metricsAddressText(metrics, queueNames.indexOf(queue)) : '',
      },
    },
  );
  closeSync(output);
  return worker;
}

/** Asks, then insists: a worker whose server is gone cannot say goodbye. */
async function stop(worker: ChildProcess): Promise<void> {
  worker.kill('SIGTERM');
  const insist = setTimeout(() => worker.kill('SIGKILL'), stopLimitMs);
  worker.once('exit', () => clearTimeout(insist));
}
