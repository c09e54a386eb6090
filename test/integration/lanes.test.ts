// A finished training is scored at once: embedding, scores and records stand behind no training, no pretrained network, no t-SNE.
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { recipeOf } from '../../activities/recipe-of.ts';
import type { Reference } from '../../activities/reference.ts';
import { withLock } from '../../artifacts/lock.ts';
import { keyOf } from '../../artifacts/recipe.ts';
import { type Cell, cellsOf } from '../../experiments/experiment.ts';
import { smoke } from '../../experiments/smoke.ts';
import type { StepName } from '../../experiments/steps.ts';
import { storeFolder } from '../../infra/home.ts';
import { openTemporal, type Temporal } from '../../infra/temporal-server/embedded-server.ts';
import { type OpenClient, openClient } from '../../infra/temporal-server/open-client.ts';
import { startWorkers, type WorkerProcesses } from '../../infra/workers/worker-processes.ts';
import { cpuQueue, trainQueue } from '../../workflows/queues.ts';
import { temporaryHome } from './command-line.ts';

let place: Awaited<ReturnType<typeof temporaryHome>>;
let server: Temporal;
let open: OpenClient;
let workers: WorkerProcesses;
const ended = new AbortController();
const waiting = { timeout: 30_000, interval: 200 };

beforeAll(async () => {
  place = await temporaryHome();
  vi.stubEnv('SIMCNE_HOME', place.home);
  server = await openTemporal();
  open = await openClient(server);
  workers = await startWorkers(server);
}, 120_000);

afterAll(async () => {
  ended.abort();
  await workers?.close();
  await open?.close();
  await server?.close();
  vi.unstubAllEnvs();
  await place.remove();
}, 120_000);

const [tsimcne, simclr, , resnet18] = cellsOf(smoke);

/** The first cell, trained for long enough to be looked at meanwhile. */
const longer: Cell = {
  ...tsimcne,
  experiment: 'lanes',
  steps: tsimcne.steps.map(step => {
    if (step.step !== 'train') return step;
    const stages = step.settings.stages.map(stage => ({ ...stage, epochs: 30 }));
    return { ...step, settings: { ...step.settings, stages } };
  }),
};

/** Asks for a step as often as said, while the test itself makes it: whoever gets to it has a worker's place, and waits. */
async function ask(name: StepName, { steps }: Cell, taskQueue: string, places: number) {
  const step = steps.find(one => one.step === name)!;
  const nothing: Reference = { step: 'prepare', key: '0'.repeat(64), digest: '0'.repeat(64) };
  const inputs = Object.fromEntries(Object.keys(step.inputs).map(role => [role, nothing]));
  await new Promise<void>(resolve => {
    const untilEnd = () => new Promise<void>(letGo => ended.signal.addEventListener('abort', () => letGo()));
    void withLock(path.join(storeFolder(), 'locks', keyOf(recipeOf(step, inputs))), undefined, () => {
      resolve();
      return untilEnd();
    });
  });
  const options = { taskQueue, args: [{ step, inputs }], startToCloseTimeout: '10 minutes' } as const;
  return Promise.all(
    Array.from({ length: places }, () => open.client.activity.start(name, { id: randomUUID(), ...options })),
  );
}

it('a training is embedded and scored as it ends, though pretrained networks and t-SNE take all other places', async () => {
  const handle = await open.client.workflow.start('cell', {
    workflowId: 'lanes/shapes',
    taskQueue: cpuQueue,
    args: [{ cell: longer }],
  });
  const step = async () => {
    const [pending] = (await handle.describe()).raw.pendingActivities ?? [];
    return pending?.state === 2 ? pending.activityType?.name : undefined; // PENDING_ACTIVITY_STATE_STARTED
  };
  await expect.poll(step, waiting).toBe('train');
  const features = await ask('features', resnet18, trainQueue, 2);
  const tsne = await ask('tsne', simclr, cpuQueue, Math.max(2, availableParallelism()));
  const states = (asked: typeof tsne) => Promise.all(asked.map(async one => (await one.describe()).runState));
  await expect.poll(() => states(tsne), waiting).toEqual(tsne.map(() => 'STARTED'));
  expect(await step()).toBe('train');
  expect(await handle.result()).toMatchObject({ status: 'done' });
  expect((await states(features)).toSorted()).toEqual(['SCHEDULED', 'STARTED']); // the next to train has begun meanwhile
}, 120_000);
