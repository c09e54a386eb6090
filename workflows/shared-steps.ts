// Steps that several cells of a run have in common: made once, by the run itself, and handed to each of them.
import type { StepOutcome } from '../activities/reference.ts';
import type { Cell } from '../experiments/experiment.ts';
import { type MadeSteps, makeStep, type StepPlan } from './make-step.ts';
import { sharedWork } from './shared-work.ts';

/** Makes, of any of these cells, the steps that it shares with others. The first who asks has made them; for all others they were there. */
export function sharedSteps(cells: readonly Cell[], plan: StepPlan): (cell: Cell) => Promise<StepOutcome[]> {
  const wanted = new Map<string, number>();
  for (const cell of cells) {
    for (const step of cell.steps) {
      const work = sharedWork(cell, step);
      wanted.set(work, (wanted.get(work) ?? 0) + 1);
    }
  }
  const making = new Map<string, Promise<StepOutcome>>();
  return async cell => {
    const made: MadeSteps = {};
    for (const step of cell.steps) {
      const work = sharedWork(cell, step);
      if (wanted.get(work) === 1) continue;
      const first = making.get(work);
      if (!first) making.set(work, makeStep(cell, step, made, plan));
      const outcome = await making.get(work)!;
      made[step.step] = first ? { ...outcome, reused: true, log: undefined } : outcome;
    }
    return Object.values(made) as StepOutcome[];
  };
}
