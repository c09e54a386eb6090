// Who waits for whom: a finished training is scored at once, and what tells most is trained first.
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { experimentAttempts } from '../../activities/experiment-attempts.ts';
import { keepCellList } from '../../activities/sweep-cells.ts';
import { openStore } from '../../artifacts/store.ts';
import { type Cell, cellsOf } from '../../experiments/experiment.ts';
import { smoke } from '../../experiments/smoke.ts';
import { storeFolder } from '../../infra/home.ts';
import { openTemporal, type Temporal } from '../../infra/temporal-server/embedded-server.ts';
import { type OpenClient, openClient } from '../../infra/temporal-server/open-client.ts';
import { startWorkers, type WorkerProcesses } from '../../infra/workers/worker-processes.ts';
import { cpuQueue } from '../../workflows/queues.ts';
import { temporaryHome } from './command-line.ts';

let place: Awaited<ReturnType<typeof temporaryHome>>;
let server: Temporal;
let open: OpenClient;
let workers: WorkerProcesses;

beforeAll(async () => {
  place = await temporaryHome();
  vi.stubEnv('SIMCNE_HOME', place.home);
  server = await openTemporal();
  open = await openClient(server);
  workers = await startWorkers(server);
});

afterAll(async () => {
  await workers?.close();
  await open?.close();
  await server?.close();
  vi.unstubAllEnvs();
  await place.remove();
});

/** Starts the first cell of `smoke`, each stage of its training so many epochs long; `doing`: the step that a worker has. */
async function startTraining(epochs: number) {
  const [cell] = cellsOf(smoke);
  const steps = cell.steps.map(step => {
    if (step.step !== 'train') return step;
    const stages = step.settings.stages.map(stage => ({ ...stage, epochs }));
    return { ...step, settings: { ...step.settings, stages } };
  });
  const longer: Cell = { ...cell, experiment: 'lanes', address: `epochs-${epochs}`, steps };
  const handle = await open.client.workflow.start('cell', {
    workflowId: `lanes/${longer.address}`,
    taskQueue: cpuQueue,
    args: [{ cell: longer }],
  });
  const doing = async () => {
    const [pending] = (await handle.describe()).raw.pendingActivities ?? [];
    return pending?.state === 2 ? pending.activityType?.name : undefined; // PENDING_ACTIVITY_STATE_STARTED
  };
  return { handle, doing };
}

it('a finished training is embedded and scored while the next one trains', async () => {
  const first = await startTraining(20);
  await expect.poll(first.doing, { timeout: 240_000, interval: 200 }).toBe('train');
  const next = await startTraining(20_000);
  expect(await first.handle.result()).toMatchObject({ status: 'done' });
  expect(await next.doing()).toBe('train');
  await next.handle.cancel();
  await expect(next.handle.result()).rejects.toThrow();
});

it('the most telling cells are trained first, in whatever order they are asked for', async () => {
  const all = cellsOf({
    ...smoke,
    augmentations: ['default', 'rot90', 'randrot'],
    methods: ['t-simcne', 'simclr-tsne'],
  });
  await open.client.workflow.execute('experiment', {
    workflowId: 'smoke',
    taskQueue: cpuQueue,
    args: [
      { experiment: 'smoke', list: await keepCellList(await openStore(storeFolder()), all.toReversed()) },
    ],
  });
  const attempts = await experimentAttempts(storeFolder(), 'smoke', []);
  const trained = attempts.filter(({ step }) => step === 'train');
  expect(trained).toHaveLength(all.length);
  expect(trained.slice(0, 2).map(({ cell }) => cell)).toEqual([
    'shapes/t-simcne/rot90/seed-1',
    'shapes/simclr-tsne/rot90/seed-1',
  ]);
});
