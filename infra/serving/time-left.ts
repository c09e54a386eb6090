// How long the cells that run or wait still take together: what steps say of themselves, and a forecast of those to come, corrected by it.
import type { Forecast } from '../../activities/forecast.ts';
import type { Cell } from '../../experiments/experiment.ts';
import type { Step } from '../../experiments/steps.ts';
import { isOpen, type LiveCell } from '../../reports/live/live-state.ts';
import { sharedWork } from '../../workflows/shared-work.ts';

/** Steps that take turns on a training worker (workflows/activities.ts); all others go on beside them. */
const trainerSteps: readonly Step['step'][] = ['train', 'features'];

type Standing = Pick<LiveCell, 'step' | 'fraction' | 'secondsLeft'> & { status: string };

export interface StandingCell {
  cell: Cell;
  live: Standing;
}

/**
 * Undefined where nothing runs, or the forecast knows too little. Work that cells share counts once, and `made` not at all. All that
 * a machine does takes from the same cores, so that times add up; several training workers share the trainings.
 */
export function secondsLeft(
  standing: readonly StandingCell[],
  forecast: Forecast,
  made: Iterable<string> = [],
): number | undefined {
  const open = standing.filter(({ live }) => isOpen(live));
  if (open.length === 0) return undefined;
  const counted = new Set([...made, ...standing.flatMap(workDone)]);
  const pace = paceOf(open, forecast);
  const inTurn = [...open].sort((a, b) => rank(a.live) - rank(b.live)); // who makes it knows best how long that takes
  let [onTrainer, beside, longestCell] = [0, 0, 0];
  for (const { cell, live } of inTurn) {
    let whole = 0;
    for (let place = placeOf(cell, live); place < cell.steps.length; place++) {
      const step = cell.steps[place];
      const work = sharedWork(cell, step);
      if (counted.has(work)) continue;
      counted.add(work);
      const said: Partial<Standing> = step.step === live.step ? live : {};
      const factor = step.step === 'train' ? pace : 1;
      const seconds =
        said.secondsLeft ?? times(factor * (1 - (said.fraction ?? 0)), forecast.seconds(cell, step));
      if (seconds === undefined) return undefined;
      if (trainerSteps.includes(step.step)) onTrainer += seconds;
      else beside += seconds;
      whole += seconds;
    }
    longestCell = Math.max(longestCell, whole);
  }
  const trainers = open.filter(({ live }) => live.status === 'running' && live.step === 'train').length;
  return Math.max(onTrainer / Math.max(1, trainers) + beside, longestCell);
}

/** How many times as long as forecast the trainings take that run: so will those to come. */
function paceOf(open: readonly StandingCell[], forecast: Forecast): number {
  let [saidSum, forecastSum] = [0, 0];
  for (const { cell, live } of open) {
    const training = cell.steps.find(({ step }) => step === 'train');
    const { step, fraction = 0, secondsLeft: said } = live;
    if (!training || step !== 'train' || said === undefined || fraction >= 1) continue;
    saidSum += said;
    forecastSum += times(1 - fraction, forecast.seconds(cell, training)) ?? 0;
  }
  return forecastSum > 0 ? saidSum / forecastSum : 1;
}

function times(factor: number, seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : factor * seconds;
}

/** What needs not be made any more: all of cells that are done, and of the others what lies before their present step. */
function workDone({ cell, live }: StandingCell): string[] {
  const places = live.status === 'done' ? cell.steps.length : isOpen(live) ? placeOf(cell, live) : 0;
  return cell.steps.slice(0, places).map(step => sharedWork(cell, step));
}

function placeOf({ steps }: Cell, { step }: Standing): number {
  return Math.max(
    0,
    steps.findIndex(one => one.step === step),
  );
}

function rank({ status }: Standing): number {
  return status === 'running' ? 0 : 1;
}
