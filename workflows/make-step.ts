// One step of a plan, made by a worker or waited for.
import type { Reference, StepOutcome } from '../activities/reference.ts';
import type { Cell } from '../experiments/experiment.ts';
import type { Step, StepName } from '../experiments/steps.ts';
import { stepsInTurn } from './activities.ts';
import { failureType } from './cell-outcome.ts';
import { whenFree } from './when-free.ts';

/** How the steps of a run are made. */
export interface StepPlan {
  /** Do this step and those after it again. */
  force?: { step: StepName; since: string };
  /** They go before those of other runs. */
  isUrgent?: boolean;
}

export type MadeSteps = Partial<Record<string, StepOutcome>>;

/** Makes a step of a cell from what was made before it. Where another run makes the same, waits here, and in no worker's way. */
export async function makeStep(
  cell: Cell,
  step: Step,
  made: MadeSteps,
  { force, isUrgent }: StepPlan,
): Promise<StepOutcome> {
  const inputs = Object.fromEntries(
    Object.entries(step.inputs).map(([role, name]) => [role, reference(made[name]!)]),
  );
  const { steps } = cell;
  const forced = steps.findIndex(one => one.step === force?.step);
  const isForced = forced >= 0 && steps.indexOf(step) >= forced;
  const request = { step, inputs, madeAfter: isForced ? force!.since : undefined };
  return whenFree(isMadeElsewhere, () => stepsInTurn(cell, isUrgent)[step.step](request));
}

function reference({ step, key, digest }: StepOutcome): Reference {
  return { step, key, digest };
}

function isMadeElsewhere(error: unknown): boolean {
  return failureType(error) === 'MadeElsewhere';
}
