// What a run would do: the state of every step, what it will take here, and what a GPU would take.
import { stepStates } from '../../activities/find-cell.ts';
import { type Forecast, gpuOperations, type MachineRate, openForecast } from '../../activities/forecast.ts';
import { type GpuForecast, gpuForecast, gpuHours } from '../../activities/gpu-forecast.ts';
import type { Store } from '../../artifacts/store.ts';
import type { Cell } from '../../experiments/experiment.ts';
import type { Step } from '../../experiments/steps.ts';
import type { SettingDifference } from '../../reports/comparison/comparison.ts';
import { sharedWork } from '../../workflows/shared-work.ts';
import { changedSettings } from './changed-settings.ts';

export interface PlannedStep {
  step: string;
  state: string;
  reason: string;
  /** Null where it cannot be said; 0 where an earlier cell's step does the work. */
  forecastSeconds: number | null;
}

export interface PlannedCell {
  address: string;
  steps: PlannedStep[];
  /** From the settings that it was made with (`a`) to those that it has now (`b`). */
  changed?: SettingDifference[];
}

/** A row of the paper's tables: its cells of all seeds. */
export interface PlannedRow {
  dataset: string;
  method: string;
  augmentation: string | null;
  variant?: string;
  seeds: number[];
  /** Cells whose every step is in the store. */
  done: number;
  cells: number;
  /** What has to come from outside before the cells can be made. */
  missing: string[];
  forecastSeconds: number;
  gpuHours: number;
}

export interface Plan {
  cells: PlannedCell[];
  rows: PlannedRow[];
  forecast: {
    here: { seconds: number; unknownSteps: number; basis: string };
    gpu: GpuForecast;
  };
}

/** Plans the cells; work that cells share is counted once. `rate`: of a trial, for trainings whose like the store has not seen. */
export async function planCells(store: Store, chosen: readonly Cell[], rate?: MachineRate): Promise<Plan> {
  const manifests = await store.manifests();
  const forecast = openForecast(manifests, rate);
  const counted = new Set<string>();
  const todo: { cell: Cell; step: Step }[] = [];
  const cells: PlannedCell[] = [];
  for (const cell of chosen) {
    const states = await stepStates(store, cell, manifests);
    const steps = states.map(({ step, state, reason, key }, place): PlannedStep => {
      const identity = key ?? sharedWork(cell, cell.steps[place]);
      const isNew = state !== 'HIT' && !counted.has(identity);
      counted.add(identity);
      if (isNew) todo.push({ cell, step: cell.steps[place] });
      const whole = isNew ? forecast.seconds(cell, cell.steps[place]) : 0;
      const seconds = whole && whole * (1 - shareDone(cell.steps[place], state));
      return { step, state, reason, forecastSeconds: seconds ?? null };
    });
    const changed = await changedSettings(store, cell, manifests);
    cells.push({ address: cell.address, steps, ...(changed.length > 0 && { changed }) });
  }
  const all = cells.flatMap(({ steps }) => steps);
  return {
    cells,
    rows: rowsOf(chosen, cells, todo),
    forecast: {
      here: {
        seconds: all.reduce((sum, step) => sum + (step.forecastSeconds ?? 0), 0),
        unknownSteps: all.filter(step => step.forecastSeconds === null).length,
        basis: basisOf(forecast, todo),
      },
      gpu: gpuForecast(todo),
    },
  };
}

/** How much of a training lies before its checkpoint, 0 … 1. */
function shareDone(step: Step, state: string): number {
  const [, epoch] = /^RESUME@(\d+)$/.exec(state) ?? [];
  if (step.step !== 'train' || epoch === undefined) return 0;
  return Number(epoch) / step.settings.stages.reduce((sum, { epochs }) => sum + epochs, 0);
}

function rowsOf(
  chosen: readonly Cell[],
  cells: PlannedCell[],
  todo: { cell: Cell; step: Step }[],
): PlannedRow[] {
  const rows = new Map<string, PlannedRow>();
  chosen.forEach(({ dataset, method, augmentation = null, variant, seed }, i) => {
    const name = `${dataset}/${method}/${augmentation}/${variant}`;
    const row = rows.get(name) ?? {
      ...{ dataset, method, augmentation, variant, seeds: [], done: 0, cells: 0, missing: [] },
      ...{ forecastSeconds: 0, gpuHours: 0 },
    };
    const { steps } = cells[i];
    const operations = todo.filter(({ cell }) => cell === chosen[i]);
    const missing = chosen[i].steps.flatMap((step, place) => missingInput(step, steps[place]) ?? []);
    rows.set(name, {
      ...row,
      seeds: [...row.seeds, ...(seed === undefined ? [] : [seed])],
      done: row.done + Number(steps.every(({ state }) => state === 'HIT')),
      cells: row.cells + 1,
      missing: [...new Set([...row.missing, ...missing])],
      forecastSeconds: steps.reduce((sum, step) => sum + (step.forecastSeconds ?? 0), row.forecastSeconds),
      gpuHours: operations.reduce(
        (sum, { cell, step }) => sum + gpuHours(gpuOperations(cell, step)),
        row.gpuHours,
      ),
    });
  });
  return [...rows.values()];
}

/** What has to come from outside before a step can be done: a data set or weights that are not here. */
function missingInput(step: Step, { state, reason }: PlannedStep): string | undefined {
  if (state === 'HIT') return undefined;
  if (reason.startsWith('missing: ')) return reason.slice('missing: '.length);
  if (step.step === 'fetch') return `data set ${step.settings.dataset} is not fetched`;
  if (step.step === 'fetch-weights' && step.settings.weights === 'imagenet') {
    return `weights of ${step.settings.network} are not fetched`;
  }
  return undefined;
}

/** Which speeds were seen here and which are assumed, of the steps to do. */
function basisOf(forecast: Forecast, todo: { cell: Cell; step: Step }[]): string {
  const names = [...new Set(todo.map(({ step }) => step.step))];
  const tried = names.filter(name =>
    todo.some(({ cell, step }) => step.step === name && forecast.isTried(cell, step)),
  );
  const others = names.filter(name => !tried.includes(name));
  const seen = others.filter(name => forecast.madeBefore(name) > 0);
  const assumed = others.filter(name => forecast.madeBefore(name) === 0);
  return [
    seen.length > 0 &&
      `speeds of this store for ${seen.map(name => `${name} (${forecast.madeBefore(name)})`).join(', ')}`,
    tried.length > 0 && `a trial of this machine for ${tried.join(', ')}`,
    assumed.length > 0 && `assumed speeds of two server cores for ${assumed.join(', ')}`,
  ]
    .filter(Boolean)
    .join('; ');
}
