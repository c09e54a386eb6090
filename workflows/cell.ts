// One cell of the results table: its steps in order, then its scores where people look for them.
import {
  CancellationScope,
  isCancellation,
  patched,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { CellOutcome, CellRequest, RecordedStatus, StepOutcome } from '../activities/reference.ts';
import { records } from './activities.ts';
import {
  cancelledOutcome,
  doneOutcome,
  failedOutcome,
  failureType,
  outcomeAttributes,
  outcomeDetails,
} from './cell-outcome.ts';
import { type MadeSteps, makeStep } from './make-step.ts';
import { attributes } from './search-attributes.ts';

const mostDamages = 3; // a disk that damages what it is given needs a person

/**
 * Makes a cell. A failure is an outcome, not an error: the other cells go on, and the table shows the hole. Its column `CellStatus` is
 * set at its end, as nobody could correct that of a workflow that was terminated.
 */
export async function cell(request: CellRequest): Promise<CellOutcome> {
  const { address } = request.cell;
  if (!patched('status-at-the-end')) upsertSearchAttributes([{ key: attributes.status, value: 'running' }]);
  const made: MadeSteps = {};
  try {
    const outcome = request.failed ?? (await makeCell(request, made));
    return await CancellationScope.nonCancellable(() => keepOutcome(request.cell.experiment, outcome));
  } catch (error) {
    if (isCancellation(error)) show(cancelledOutcome(address, inOrder(request, made)));
    throw error;
  }
}

async function makeCell(request: CellRequest, made: MadeSteps): Promise<CellOutcome<RecordedStatus>> {
  const { address, steps } = request.cell;
  Object.assign(made, Object.fromEntries((request.given ?? []).map(step => [step.step, step])));
  for (let damages = 0; ; ) {
    try {
      for (const step of steps) made[step.step] ??= await makeStep(request.cell, step, made, request);
      return doneOutcome(address, inOrder(request, made));
    } catch (error) {
      if (isCancellation(error)) throw error;
      if (failureType(error) !== 'DamagedArtifact' || ++damages > mostDamages)
        return failedOutcome(address, inOrder(request, made), error);
      for (const name of Object.keys(made)) delete made[name]; // what the store has is not done again, and what was damaged there is
    }
  }
}

function inOrder({ cell: { steps } }: CellRequest, made: MadeSteps): StepOutcome[] {
  return steps.flatMap(({ step }) => made[step] ?? []);
}

/** Keeps how it ended. Where that cannot be kept, the table lacks it: so it has failed. */
async function keepOutcome(experiment: string, outcome: CellOutcome<RecordedStatus>): Promise<CellOutcome> {
  upsertSearchAttributes(outcomeAttributes(outcome));
  try {
    const report = await records.recordCell({ experiment, outcome });
    setCurrentDetails(`${outcomeDetails(outcome)}\n\nReport: ${report}`);
    return { ...outcome, report };
  } catch (error) {
    const unrecorded = failedOutcome(outcome.address, outcome.steps, error);
    show(unrecorded);
    return unrecorded;
  }
}

function show(outcome: CellOutcome): void {
  upsertSearchAttributes(outcomeAttributes(outcome));
  setCurrentDetails(outcomeDetails(outcome));
}
