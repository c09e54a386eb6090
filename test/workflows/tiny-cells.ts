// Cells of steps that take no time, made by workers in this process on a real server: what a sweep does when its cells come to grief, and with thousands of them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ApplicationFailure, type HistoryAndWorkflowId } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../../activities/activities.ts';
import type { Workplace } from '../../activities/perform-step.ts';
import type { CellOutcome, StepOutcome, StepRequest } from '../../activities/reference.ts';
import { cellOutcomes, keepCellList } from '../../activities/sweep-cells.ts';
import { openStore } from '../../artifacts/store.ts';
import { type Cell, cellsOf } from '../../experiments/experiment.ts';
import { smoke } from '../../experiments/smoke.ts';
import { type StepName, stepNames } from '../../experiments/steps.ts';
import { openTemporal } from '../../infra/temporal-server/embedded-server.ts';
import { openClient } from '../../infra/temporal-server/open-client.ts';
import { workflowOptions } from '../../infra/workers/workflow-bundle.ts';
import type { ExperimentOutcome, ExperimentRequest } from '../../workflows/experiment.ts';
import * as queues from '../../workflows/queues.ts';

export type TinyStep = (request: StepRequest) => Promise<void>;

/** t-SimCNE cells of `smoke`, a seed each. */
export function tinyCells(seeds: readonly number[]): Cell[] {
  const [plan] = smoke.datasets;
  const one = { ...smoke, methods: ['t-simcne'], augmentations: ['rot90'] } as const;
  return cellsOf({
    ...one,
    methods: [...one.methods],
    augmentations: [...one.augmentations],
    datasets: [{ ...plan, seeds: [...seeds] }],
  });
}

/** The seed of the cell that a step is of; undefined for one that they share. */
export function seedOf({ step, inputs }: StepRequest): number | undefined {
  if (step.step === 'train') return step.settings.seed;
  const of = Object.values(inputs).find(({ key }) => key.startsWith('seed-'));
  return of && Number(of.key.split('-')[1]);
}

/** Server, client and workers, whose steps do what `work` does and then say that they were made. */
export async function openTinyWorkplace(work: TinyStep = async () => {}) {
  const home = await mkdtemp(path.join(tmpdir(), 'simcne-tiny-'));
  process.env.SIMCNE_HOME = home;
  delete process.env.TEMPORAL_ADDRESS;
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const server = await openTemporal();
  const { client, close } = await openClient(server);
  const connection = await NativeConnection.connect(server.connectionOptions);
  const store = await openStore(path.join(home, 'store'));
  const place: Workplace = {
    ...{ store, logs: path.join(home, 'logs'), reports: path.join(home, 'reports') },
    ...{ downloads: [], codeVersion: 'test', threads: 1 },
  };
  const calls: string[] = [];
  const tinyStep = async (request: StepRequest): Promise<StepOutcome> => {
    const seed = seedOf(request);
    const { step } = request.step;
    calls.push(seed === undefined ? step : `${step} ${seed}`);
    await work(request);
    const key = seed === undefined ? step : `seed-${seed}-${step}`;
    return { step, key, digest: key, reused: false, seconds: 0, summary: { knn: 0.5, silhouette: 0.1 } };
  };
  const real = createActivities(place);
  let unrecordable: number | undefined;
  const activities: typeof real = {
    ...real,
    ...(Object.fromEntries(stepNames.map(name => [name, tinyStep])) as Record<StepName, typeof tinyStep>),
    async recordCell(ended) {
      if (ended.outcome.address.endsWith(`/seed-${unrecordable}`)) throw permanent('DiskFull');
      return real.recordCell(ended);
    },
  };
  const workers = await Promise.all(
    Object.values(queues).map(taskQueue =>
      Worker.create({
        ...{ connection, taskQueue, activities },
        ...(taskQueue === queues.cpuQueue ? workflowOptions : {}),
      }),
    ),
  );
  const running = Promise.all(workers.map(worker => worker.run()));

  return {
    ...{ client, store, calls },
    /** Lets the records of one seed's cells not be written. */
    failRecordOf(seed: number | undefined) {
      unrecordable = seed;
    },
    /** Starts a sweep. */
    async start(cells: readonly Cell[], plan: Partial<ExperimentRequest> = {}) {
      const list = plan.list ?? (await keepCellList(store, cells));
      const handle = await client.workflow.start('experiment', {
        workflowId: 'smoke',
        taskQueue: queues.cpuQueue,
        args: [{ experiment: 'smoke', list, ...plan }],
      });
      return {
        handle,
        async outcomes(): Promise<CellOutcome[]> {
          const told = (await handle.result()) as ExperimentOutcome;
          return cellOutcomes(store, told.run, told.list);
        },
      };
    },
    /** Ids and histories of all workflows that were ever run. */
    async histories(): Promise<HistoryAndWorkflowId[]> {
      const found: HistoryAndWorkflowId[] = [];
      for await (const { workflowId, runId } of client.workflow.list()) {
        found.push({
          workflowId,
          history: await client.workflow.getHandle(workflowId, runId).fetchHistory(),
        });
      }
      return found;
    },
    async close() {
      for (const worker of workers) worker.shutdown();
      await running;
      await connection.close();
      await close();
      await server.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** As activities fail that would fail again. */
export function permanent(name: string, message = name): ApplicationFailure {
  return ApplicationFailure.create({ type: name, message, nonRetryable: true });
}
