// One worker process: workflows and CPU steps, or the long steps that want TensorFlow, or workflows alone.
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities } from '../../activities/activities.ts';
import type { Workplace } from '../../activities/perform-step.ts';
import { cpuQueue, shortQueue, trainQueue } from '../../workflows/queues.ts';
import type { Temporal } from '../temporal-server/embedded-server.ts';
import { type Capacity, capacityOf } from './capacity.ts';
import { workerDeployment } from './deployment.ts';
import { watchGpuMemory } from './gpu-memory.ts';
import { type HealthAddress, serveHealth } from './health.ts';
import { installRuntime } from './metrics.ts';
import type { MetricsAddress } from './metrics-address.ts';
import type { QueueName } from './queue-names.ts';
import { shutDownWhenIdle } from './until-idle.ts';
import { workflowOptions } from './workflow-bundle.ts';
import { openWorkplace } from './workplace.ts';

/** What it does at once, and how it is watched. */
export interface RunOptions extends Partial<Capacity> {
  /** Where to tell whether it takes tasks. */
  health?: HealthAddress;
  /** Ends after so long without a task. */
  idleMs?: number;
  /** Where to serve metrics. */
  metrics?: MetricsAddress;
}

/** Serves a queue until the process is told to stop (SIGINT, SIGTERM): running steps write a checkpoint, then end. */
export async function runWorker(
  queue: QueueName,
  server: Pick<Temporal, 'namespace' | 'connectionOptions' | 'uiUrl'>,
  { health, idleMs, metrics, ...asked }: RunOptions = {},
): Promise<void> {
  installRuntime(metrics);
  const { slots, threads } = capacityOf(queue, asked);
  // A training keeps TensorFlow's own threads: with fewer it would add up its sums in another order.
  if (queue !== 'train') {
    process.env.CUDA_VISIBLE_DEVICES = ''; // its steps would take memory from the training there
    process.env.TF_NUM_INTRAOP_THREADS ??= String(threads); // else one a core, in each step
    process.env.TF_NUM_INTEROP_THREADS ??= String(threads);
  }
  const connection = await NativeConnection.connect(server.connectionOptions);
  const place = await openWorkplace(server, threads);
  const stopWatchingGpus = metrics && queue === 'train' ? await watchGpuMemory() : undefined;
  try {
    const workers: Worker[] = [];
    for (const served of servedBy(queue, place, slots)) {
      workers.push(
        await Worker.create({
          connection,
          namespace: server.namespace,
          ...served,
          ...workerDeployment(),
          maxHeartbeatThrottleInterval: '5 seconds', // also the delay of pause and cancel
          shutdownGraceTime: '1 second',
          shutdownForceTime: '60 seconds', // what the last checkpoint may take
        }),
      );
    }
    const told = health && (await serveHealth(workers, health));
    const stopWatching = idleMs === undefined ? undefined : shutDownWhenIdle(workers, idleMs);
    process.send?.('serving'); // to whoever starts it again when it dies
    await runAll(workers);
    stopWatching?.();
    told?.close();
  } finally {
    stopWatchingGpus?.();
    await connection.close();
  }
}

/** The task queues that a process serves, each with places of its own for steps. */
function servedBy(
  queue: QueueName,
  place: Workplace,
  slots: number,
): Pick<WorkerOptions, 'taskQueue' | 'activities' | 'workflowBundle'>[] {
  const steps = (taskQueue: string) => ({
    taskQueue,
    activities: createActivities(place),
    maxConcurrentActivityTaskExecutions: slots,
  });
  if (queue === 'train') return [steps(trainQueue)];
  if (queue === 'workflows') return [{ taskQueue: cpuQueue, ...workflowOptions }];
  return [{ ...steps(cpuQueue), ...workflowOptions }, steps(shortQueue)];
}

/** Until all have ended; where one fails, the others are ended too. */
async function runAll(workers: Worker[]): Promise<void> {
  const endOthers = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  await Promise.all(workers.map(worker => worker.run().finally(endOthers)));
}
