// The activities as workflows call them: on which queue, how long, how often again.
import { type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { createActivities } from '../activities/activities.ts';
import type { StepOutcome, StepRequest } from '../activities/reference.ts';
import type { StepName } from '../experiments/steps.ts';
import { cpuQueue, trainQueue } from './queues.ts';

type Activities = ReturnType<typeof createActivities>;

/** Pauses and worker restarts each take an attempt: many are allowed, as faults that would come again are not retried. */
const common: ActivityOptions = {
  startToCloseTimeout: '30 days',
  heartbeatTimeout: '30 seconds', // the worker beats every two seconds while its child lives
  retry: {
    initialInterval: '1 second',
    backoffCoefficient: 1.5,
    maximumInterval: '30 seconds',
    maximumAttempts: 50,
  },
};

const onCpu = proxyActivities<Activities>({ ...common, taskQueue: cpuQueue });
const onTrainer = (priorityKey: number) =>
  proxyActivities<Activities>({ ...common, taskQueue: trainQueue, priority: { priorityKey } });

/** Every step on its queue. Short work on the trainer goes first, so that t-SNE can begin beside the next training. */
export const steps = {
  fetch: onCpu.fetch,
  prepare: onCpu.prepare,
  'fetch-weights': onCpu['fetch-weights'],
  train: onTrainer(3).train,
  embed: onTrainer(1).embed,
  features: onTrainer(4).features,
  tsne: onCpu.tsne,
  score: onCpu.score,
} satisfies Record<StepName, (request: StepRequest) => Promise<StepOutcome>>;

export const records = proxyActivities<Pick<Activities, 'recordCell' | 'writeReport'>>({
  taskQueue: cpuQueue,
  startToCloseTimeout: '2 hours', // the report analyses every embedding: a minute for 100,000 points
  retry: { maximumAttempts: 20, maximumInterval: '30 seconds' }, // some eight minutes for a store that does not answer
});
