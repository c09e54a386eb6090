// How long the cells that run or wait still take together: what steps say of themselves, and a forecast of those to come.
import type { Forecast } from '../../activities/forecast.ts';
import type { Cell } from '../../experiments/experiment.ts';
import type { Step } from '../../experiments/steps.ts';
import { isOpen, type LiveCell } from '../../reports/live/live-state.ts';
import { sharedWork } from '../cli/plan-cells.ts';

/** Steps that take turns on a training worker (workflows/activities.ts); all others go on beside them. */
const trainerSteps: readonly Step['step'][] = ['train', 'features'];

export interface StandingCell {
  cell: Cell;
  live: LiveCell;
}

/** Undefined where nothing runs, or the forecast knows too little. Work that cells share counts once. */
export function secondsLeft(standing: readonly StandingCell[], forecast: Forecast): number | undefined {
  const open = standing.filter(({ live }) => isOpen(live));
  if (open.length === 0) return undefined;
  const counted = new Set(standing.flatMap(workDone));
  const inTurn = [...open].sort((a, b) => rank(a.live) - rank(b.live)); // who makes it knows best how long that takes
  let [onTrainer, beside, longestCell] = [0, 0, 0];
  for (const { cell, live } of inTurn) {
    let whole = 0;
    for (let place = placeOf(cell, live); place < cell.steps.length; place++) {
      const work = sharedWork(cell, place);
      if (counted.has(work)) continue;
      counted.add(work);
      const step = cell.steps[place];
      const seconds =
        step.step === live.step ? stepLeft(cell, step, live, forecast) : forecast.seconds(cell, step);
      if (seconds === undefined) return undefined;
      if (trainerSteps.includes(step.step)) onTrainer += seconds;
      else beside += seconds;
      whole += seconds;
    }
    longestCell = Math.max(longestCell, whole);
  }
  const trainers = open.filter(({ live }) => live.status === 'running' && live.step === 'train').length;
  return Math.max(onTrainer / Math.max(1, trainers), beside, longestCell);
}

function stepLeft(
  cell: Cell,
  step: Step,
  { secondsLeft: said, fraction = 0 }: LiveCell,
  forecast: Forecast,
): number | undefined {
  if (said !== undefined) return said;
  const whole = forecast.seconds(cell, step);
  return whole === undefined ? undefined : whole * (1 - fraction);
}

/** What needs not be made any more: all of cells that are done, and of the others what lies before their present step. */
function workDone({ cell, live }: StandingCell): string[] {
  const places = live.status === 'done' ? cell.steps.length : isOpen(live) ? placeOf(cell, live) : 0;
  return cell.steps.slice(0, places).map((_, place) => sharedWork(cell, place));
}

function placeOf({ steps }: Cell, { step }: LiveCell): number {
  return Math.max(
    0,
    steps.findIndex(one => one.step === step),
  );
}

function rank({ status }: LiveCell): number {
  return status === 'running' ? 0 : 1;
}
