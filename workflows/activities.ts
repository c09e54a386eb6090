// The activities as workflows call them: on which queue, how long, how often again.
import { type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { createActivities } from '../activities/activities.ts';
import type { StepOutcome, StepRequest } from '../activities/reference.ts';
import type { Cell } from '../experiments/experiment.ts';
import type { StepName } from '../experiments/steps.ts';
import { cpuQueue, shortQueue, trainQueue } from './queues.ts';

type Activities = ReturnType<typeof createActivities>;
type Records = Pick<Activities, 'recordCell' | 'keptCells' | 'openPage' | 'closePage' | 'writeReport'>;

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

const on = (taskQueue: string, priorityKey: number) =>
  proxyActivities<Activities>({ ...common, taskQueue, priority: { priorityKey } });

type Steps = Record<StepName, (request: StepRequest) => Promise<StepOutcome>>;

/** Every step on its queue; of those that wait there, the one with the smallest key (1 to 5) goes first. */
function stepsOf(priorityKey: number): Steps {
  const [cpu, short, train] = [cpuQueue, shortQueue, trainQueue].map(queue => on(queue, priorityKey));
  return {
    fetch: cpu.fetch,
    prepare: cpu.prepare,
    'fetch-weights': cpu['fetch-weights'],
    train: train.train,
    embed: short.embed,
    features: train.features,
    tsne: cpu.tsne,
    score: short.score,
  };
}

const byKey = new Map([2, 3, 4, 5].map(key => [key, stepsOf(key)]));

/** The steps of a cell: of one that somebody waits for before those of a sweep, and there by turns. */
export function stepsInTurn({ turn = 1 }: Pick<Cell, 'turn'>, isUrgent = false): Steps {
  return byKey.get(isUrgent ? 2 : Math.min(2 + Math.max(turn, 1), 5))!; // turn 0 needs no training, so that it shares a key
}

export const records = proxyActivities<Records>({
  taskQueue: shortQueue,
  priority: { priorityKey: 1 }, // nobody waits for the next score to see what is done
  startToCloseTimeout: '2 hours', // the report analyses every embedding: a minute for 100,000 points
  heartbeatTimeout: '1 minute', // a figure that is drawn holds the worker up for seconds
  retry: { maximumAttempts: 20, maximumInterval: '30 seconds' }, // some eight minutes for a store that does not answer
});
