// What tells apart the work of cells whose artifacts have no keys yet. It needs nothing of Temporal's: forecasts count by it, too.
import type { Cell } from '../experiments/experiment.ts';
import type { Step } from '../experiments/steps.ts';

/** The same for steps of cells that do the same: the step, and all that it is made from. */
export function sharedWork({ steps }: Pick<Cell, 'steps'>, step: Step): string {
  const made = (one: Step): unknown => [
    one.step,
    one.settings,
    Object.values(one.inputs).map(name => made(steps.find(({ step }) => step === name)!)),
  ];
  return JSON.stringify(made(step));
}
