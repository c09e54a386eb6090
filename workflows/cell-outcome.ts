// What becomes of a cell, in the words of its outcome: made, failed at a step, or never come to its end.
import type { SearchAttributeUpdatePair } from '@temporalio/common';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TerminatedFailure,
} from '@temporalio/workflow';
import type {
  CellFailure,
  CellOutcome,
  LastWords,
  RecordedStatus,
  StepOutcome,
} from '../activities/reference.ts';
import { attributes } from './search-attributes.ts';

/** Of a cell whose steps are all made; the last one is its score. */
export function doneOutcome(address: string, done: StepOutcome[]): CellOutcome<RecordedStatus> {
  const { knn, silhouette } = done.at(-1)!.summary as { knn?: number; silhouette?: number };
  return { address, status: 'done', knn, silhouette, ...totals(done), steps: done };
}

/** Of a cell one of whose activities failed for good. @throws the error where it is none of an activity: a fault of the plan itself */
export function failedOutcome(
  address: string,
  done: StepOutcome[],
  error: unknown,
): CellOutcome<RecordedStatus> {
  if (!(error instanceof ActivityFailure)) throw error; // let the workflow task say so
  const { cause } = error;
  const name = failureType(error) ?? cause?.name ?? 'ActivityFailure';
  const details = cause instanceof ApplicationFailure ? cause.details : undefined;
  const { log = '', lines = [] } = (details?.[0] ?? {}) as Partial<LastWords>;
  return {
    address,
    status: name === 'Unavailable' ? 'unavailable' : 'failed',
    reason: `${error.activityType}: ${cause?.message ?? error.message}`,
    failure: { step: error.activityType as CellFailure['step'], name, log, lines },
    ...totals(done),
    steps: done,
  };
}

/** Of a cell that was told to end before its end. */
export function cancelledOutcome(address: string, done: StepOutcome[] = []): CellOutcome {
  return {
    ...{ address, status: 'cancelled', reason: 'its workflow was cancelled; what was made is kept' },
    ...{ ...totals(done), steps: done },
  };
}

/** Of a cell whose workflow ended without an outcome. @throws the error where it is none of a child workflow */
export function lostOutcome(address: string, error: unknown): CellOutcome {
  if (!(error instanceof ChildWorkflowFailure)) throw error;
  const { cause } = error;
  if (cause instanceof CancelledFailure) return cancelledOutcome(address);
  const none = { address, seconds: 0, reused: false, steps: [] };
  if (cause instanceof TerminatedFailure) {
    return { ...none, status: 'terminated', reason: 'its workflow was terminated; what was made is kept' };
  }
  const reason = `its workflow failed: ${cause?.message ?? error.message}`;
  return { ...none, status: 'failed', reason };
}

/** The name of the error that ended an activity. */
export function failureType(error: unknown): string | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  return cause instanceof ApplicationFailure ? (cause.type ?? undefined) : undefined;
}

function totals(done: StepOutcome[]) {
  return {
    seconds: done.reduce((sum, step) => sum + step.seconds, 0),
    reused: done.length > 0 && done.every(step => step.reused),
  };
}

/** Its columns in the Temporal UI. */
export function outcomeAttributes({ status, knn, silhouette }: CellOutcome): SearchAttributeUpdatePair[] {
  const pairs: SearchAttributeUpdatePair[] = [{ key: attributes.status, value: status }];
  if (knn !== undefined) pairs.push({ key: attributes.knn, value: knn });
  if (silhouette !== undefined) pairs.push({ key: attributes.silhouette, value: silhouette });
  return pairs;
}

/** As Markdown: its numbers or why there are none, and a line a step. */
export function outcomeDetails({
  status,
  knn,
  silhouette,
  reason,
  failure,
  steps: done,
}: CellOutcome): string {
  const scores =
    knn === undefined || silhouette === undefined
      ? 'no classes to score'
      : `kNN accuracy **${(knn * 100).toFixed(1)} %**, silhouette **${silhouette.toFixed(2)}**`;
  const verdict =
    status === 'done' ? scores : `**${status}**${failure ? ` (${failure.name})` : ''}: ${reason}`;
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
