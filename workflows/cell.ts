// One cell of the results table: its steps in order, then its scores where people look for them.
import type { SearchAttributeUpdatePair } from '@temporalio/common';
import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { CellOutcome, CellRequest, StepOutcome } from '../activities/reference.ts';
import { records, steps } from './activities.ts';
import { attributes } from './search-attributes.ts';

/** Makes a cell. A failure is an outcome, not an error: the other cells go on, and the table shows the hole. */
export async function cell({ cell, force }: CellRequest): Promise<CellOutcome> {
  const { address } = cell;
  const made: Partial<Record<string, StepOutcome>> = {};
  let outcome: CellOutcome;
  upsertSearchAttributes([{ key: attributes.status, value: 'running' }]);
  try {
    let madeAfter: string | undefined;
    for (const step of cell.steps) {
      if (step.step === force?.step) madeAfter = force.since;
      const inputs = Object.fromEntries(
        Object.entries(step.inputs).map(([role, name]) => [role, reference(made[name]!)]),
      );
      made[step.step] = await steps[step.step]({ step, inputs, madeAfter });
    }
    outcome = doneOutcome(address, Object.values(made) as StepOutcome[]);
  } catch (error) {
    if (isCancellation(error)) throw error;
    outcome = failedOutcome(address, Object.values(made) as StepOutcome[], error);
  }
  upsertSearchAttributes(outcomeAttributes(outcome));
  const report = await records.recordCell({ experiment: cell.experiment, outcome });
  setCurrentDetails(`${outcomeDetails(outcome)}\n\nReport: ${report}`);
  return { ...outcome, report };
}

function reference({ step, key, digest }: StepOutcome) {
  return { step, key, digest };
}

function doneOutcome(address: string, done: StepOutcome[]): CellOutcome {
  const { knn, silhouette } = done.at(-1)!.summary as { knn: number; silhouette: number };
  return { address, status: 'done', knn, silhouette, ...totals(done), steps: done };
}

function failedOutcome(address: string, done: StepOutcome[], error: unknown): CellOutcome {
  if (!(error instanceof ActivityFailure)) throw error; // a fault of the plan itself: let the workflow task say so
  const { cause } = error;
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  return {
    address,
    status: type === 'Unavailable' ? 'unavailable' : 'failed',
    reason: `${error.activityType}: ${cause?.message ?? error.message}`,
    ...totals(done),
    steps: done,
  };
}

function totals(done: StepOutcome[]) {
  return {
    seconds: done.reduce((sum, step) => sum + step.seconds, 0),
    reused: done.length > 0 && done.every(step => step.reused),
  };
}

function outcomeAttributes({ status, knn, silhouette }: CellOutcome): SearchAttributeUpdatePair[] {
  const pairs: SearchAttributeUpdatePair[] = [{ key: attributes.status, value: status }];
  if (knn !== undefined) pairs.push({ key: attributes.knn, value: knn });
  if (silhouette !== undefined) pairs.push({ key: attributes.silhouette, value: silhouette });
  return pairs;
}

function outcomeDetails({ status, knn, silhouette, reason, steps: done }: CellOutcome): string {
  const verdict =
    status === 'done'
      ? `kNN accuracy **${((knn ?? 0) * 100).toFixed(1)} %**, silhouette **${(silhouette ?? 0).toFixed(2)}**`
      : `**${status}**: ${reason}`;
  const rows = done.map(
    step =>
      `| ${step.step} | ${step.reused ? 'reused' : 'made'} | ${step.seconds.toFixed(1)} | \`${step.key.slice(0, 12)}\` |`,
  );
  return [verdict, '', '| step | | seconds | artifact |', '|---|---|---|---|', ...rows].join('\n');
}
