// One worker process: workflows and CPU steps, or the steps that want TensorFlow (one at a time), or workflows alone.
import { availableParallelism } from 'node:os';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities } from '../../activities/activities.ts';
import { cpuQueue, trainQueue } from '../../workflows/queues.ts';
import type { Temporal } from '../temporal-server/embedded-server.ts';
import { workerDeployment } from './deployment.ts';
import { watchGpuMemory } from './gpu-memory.ts';
import { type HealthAddress, serveHealth } from './health.ts';
import { installRuntime } from './metrics.ts';
import type { MetricsAddress } from './metrics-address.ts';
import type { QueueName } from './queue-names.ts';
import { shutDownWhenIdle } from './until-idle.ts';
import { workflowBundle } from './workflow-bundle.ts';
import { openWorkplace } from './workplace.ts';

export interface WorkerWatch {
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
  { health, idleMs, metrics }: WorkerWatch = {},
): Promise<void> {
  installRuntime(metrics);
  const connection = await NativeConnection.connect(server.connectionOptions);
  const place = await openWorkplace(server);
  const stopWatchingGpus = metrics && queue === 'train' ? await watchGpuMemory() : undefined;
  try {
    const worker = await Worker.create({
      connection,
      namespace: server.namespace,
      taskQueue: queue === 'train' ? trainQueue : cpuQueue,
      ...(queue === 'train' ? {} : { workflowBundle: await workflowBundle() }),
      ...(queue === 'workflows' ? {} : { activities: createActivities(place) }),
      ...workerDeployment(),
      maxConcurrentActivityTaskExecutions: queue === 'cpu' ? Math.max(2, availableParallelism()) : 1,
      maxHeartbeatThrottleInterval: '5 seconds', // also the delay of pause and cancel
      shutdownGraceTime: '1 second',
      shutdownForceTime: '60 seconds', // what the last checkpoint may take
    });
    const told = health && (await serveHealth(worker, health));
    const stopWatching = idleMs === undefined ? undefined : shutDownWhenIdle(worker, idleMs);
    await worker.run();
    stopWatching?.();
    told?.close();
  } finally {
    stopWatchingGpus?.();
    await connection.close();
  }
}
