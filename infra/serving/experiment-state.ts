// How an experiment stands: asked of Temporal where cells run, read from the store where they do not.
import path from 'node:path';
import type { Client } from '@temporalio/client';
import { currentRecord } from '../../activities/current-record.ts';
import { type Forecast, openForecast } from '../../activities/forecast.ts';
import { readTrainingSoFar } from '../../activities/training-so-far.ts';
import type { CellRecord } from '../../artifacts/cell-record.ts';
import type { Store } from '../../artifacts/store.ts';
import type { Cell } from '../../experiments/experiment.ts';
import type { LiveCell } from '../../reports/live/live-state.ts';
import { type CellProgress, cellProgress } from '../cli/cell-progress.ts';
import { cellsNamed, ownCellsNamed } from '../cli/select-cells.ts';
import { type StepProgress, sharedStep, withSharedStep } from '../cli/shared-step.ts';
import { secondsLeft } from './time-left.ts';

export interface ExperimentState {
  cells: LiveCell[];
  secondsLeft?: number;
  /** Its workflow runs: that one writes the report at its end. */
  runs: boolean;
}

const atOnce = 8; // questions to the server

/** Looks at experiments of a store again and again. `client` is undefined where no server answers: then nothing runs, as far as is known. */
export function openExperimentStates(store: Store) {
  let forecast: { of: Forecast; finished: string } | undefined;

  /** Speeds are read anew when a cell has ended. */
  async function currentForecast(cells: readonly LiveCell[]): Promise<Forecast> {
    const finished = cells.map(({ finishedAt }) => finishedAt).join();
    if (forecast?.finished !== finished) forecast = { of: openForecast(await store.manifests()), finished };
    return forecast.of;
  }

  return async (experiment: string, client: Client | undefined): Promise<ExperimentState> => {
    const running = client ? await runningWorkflows(client, experiment) : new Set<string>();
    const ofSweep =
      client && running.has(experiment) ? await sharedStep(client, experiment) : () => undefined;
    const own = ownCellsNamed(experiment, store.folder);
    const standing: { cell: Cell; live: LiveCell }[] = [];
    const all = [
      ...cellsNamed(experiment, store.folder).map(cell => ({ cell, isOwn: false })),
      ...own.map(cell => ({ cell, isOwn: true })),
    ];
    for (let first = 0; first < all.length; first += atOnce) {
      const some = await Promise.all(
        all.slice(first, first + atOnce).map(async ({ cell, isOwn }) => {
          const runs = running.has(`${experiment}/${cell.address}`);
          const live = await cellState(store, cell, runs ? client : undefined, ofSweep(cell));
          return isOwn && live.status === 'missing' ? [] : [{ cell, live }];
        }),
      );
      standing.push(...some.flat());
    }
    const cells = standing.map(({ live }) => live);
    const left = running.size > 0 ? secondsLeft(standing, await currentForecast(cells)) : undefined;
    return { cells, secondsLeft: left, runs: running.has(experiment) };
  };
}

/** Ids of the experiment's workflow and those of its cells, as far as they run. */
async function runningWorkflows(client: Client, experiment: string): Promise<Set<string>> {
  const query = `Experiment = "${experiment}" AND ExecutionStatus = "Running"`;
  const ids = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 1000 })) ids.add(workflowId);
  return ids;
}

/** `client` is given for a cell whose workflow runs, `shared` for one whose sweep makes what it needs. */
async function cellState(
  store: Store,
  cell: Cell,
  client: Client | undefined,
  shared: StepProgress | undefined,
): Promise<LiveCell> {
  const { address } = cell;
  const common = { address, steps: cell.steps.map(({ step }) => step) };
  const underWay = async (progress: CellProgress) => {
    const { status } = progress;
    if (status !== 'waiting' && status !== 'queued' && status !== 'running') return undefined;
    return { ...common, status, ...(await runningState(store, progress)) };
  };
  const own = client && (await underWay(await cellProgress(client, cell)));
  if (own) return own;
  const recorded = recordedState(await currentRecord(store.folder, cell));
  if (recorded.status !== 'missing' || !shared) return { ...common, ...recorded };
  const awaited = await underWay(withSharedStep(cell, { address, status: 'waiting' }, shared));
  return awaited ?? { ...common, ...recorded };
}

type Standing = Omit<LiveCell, 'address' | 'steps'>;

async function runningState(
  store: Store,
  { step, attempt = 1, progress, error }: CellProgress,
): Promise<Omit<Standing, 'status'>> {
  const { fraction, text, secondsLeft: left, key, log } = progress ?? {};
  const isTraining = step === 'train' && key !== undefined;
  return {
    step,
    fraction,
    text,
    secondsLeft: left,
    ...(attempt > 1 && { attempt, error: error?.split('\n')[0] ?? 'it was paused, or lost its worker' }),
    log: log && servedLog(log),
    training: isTraining ? await readTrainingSoFar(store.checkpointFolder(key)) : undefined,
  };
}

function recordedState(record: CellRecord | undefined): Standing {
  if (!record) return { status: 'missing' };
  const { status, reason, failure, knn, silhouette, finishedAt } = record;
  return {
    status,
    error: reason && [failure?.name, reason].filter(Boolean).join(': '),
    log: failure?.log ? servedLog(failure.log) : undefined,
    knn,
    silhouette,
    finishedAt,
  };
}

/** Where the server has a log of this machine. */
function servedLog(file: string): string {
  return path.posix.join('/logs/steps', path.basename(file));
}
