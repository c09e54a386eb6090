// One cell of the results table: its steps in order, then its scores where people look for them.
import type { SearchAttributeUpdatePair } from '@temporalio/common';
import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { CellOutcome, CellRequest, LastWords, StepOutcome } from '../activities/reference.ts';
import type { StepName } from '../experiments/steps.ts';
import { records, urgentSteps, usualSteps } from './activities.ts';
import { attributes } from './search-attributes.ts';

const mostDamages = 3; // a disk that damages what it is given needs a person

/** Makes a cell. A failure is an outcome, not an error: the other cells go on, and the table shows the hole. */
export async function cell({ cell, force, isUrgent }: CellRequest): Promise<CellOutcome> {
  const { address } = cell;
  const made: Partial<Record<string, StepOutcome>> = {};
  let outcome: CellOutcome;
  upsertSearchAttributes([{ key: attributes.status, value: 'running' }]);
  try {
    for (let damages = 0; ; ) {
      try {
        await makeSteps({ cell, force, isUrgent }, made);
        break;
      } catch (error) {
        if (failureType(error) !== 'DamagedArtifact' || ++damages > mostDamages) throw error;
      }
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

/** Makes the steps in order; what the store has is not done again, and what was damaged there is. */
async function makeSteps({ cell, force, isUrgent }: CellRequest, made: Partial<Record<string, StepOutcome>>) {
  const steps = isUrgent ? urgentSteps : usualSteps;
  let madeAfter: string | undefined;
  for (const step of cell.steps) {
    if (step.step === force?.step) madeAfter = force.since;
    const inputs = Object.fromEntries(
      Object.entries(step.inputs).map(([role, name]) => [role, reference(made[name]!)]),
    );
    made[step.step] = await steps[step.step]({ step, inputs, madeAfter });
  }
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
  const name = failureType(error) ?? 'ActivityFailure';
  const details = cause instanceof ApplicationFailure ? cause.details : undefined;
  const { log = '', lines = [] } = (details?.[0] ?? {}) as Partial<LastWords>;
  return {
    address,
    status: name === 'Unavailable' ? 'unavailable' : 'failed',
    reason: `${error.activityType}: ${cause?.message ?? error.message}`,
    failure: { step: error.activityType as StepName, name, log, lines },
    ...totals(done),
    steps: done,
  };
}

/** The name of the error that ended an activity. */
function failureType(error: unknown): string | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  return cause instanceof ApplicationFailure ? (cause.type ?? undefined) : undefined;
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

function outcomeDetails({ status, knn, silhouette, reason, failure, steps: done }: CellOutcome): string {
  const verdict =
    status === 'done'
      ? `kNN accuracy **${((knn ?? 0) * 100).toFixed(1)} %**, silhouette **${(silhouette ?? 0).toFixed(2)}**`
      : `**${status}**${failure ? ` (${failure.name})` : ''}: ${reason}`;
  const words = failure?.lines.length ? ['```', ...failure.lines, '```', `Log: ${failure.log}`, ''] : [];
  const rows = done.map(
    step =>
      `| ${step.step} | ${step.reused ? 'reused' : 'made'} | ${step.seconds.toFixed(1)} | \`${step.key.slice(0, 12)}\` | ${step.log ?? ''} |`,
  );
  return [
    verdict,
    '',
    ...words,
    '| step | | seconds | artifact | log |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
