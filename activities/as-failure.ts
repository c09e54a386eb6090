// An activity's error as Temporal is told of it.
import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { isWorthRetrying, waitBefore } from './failures.ts';

/** Cancellation passes as it is; all else becomes a failure whose type is the error's name, tried again where that may help. */
export function asFailure(error: unknown, ...details: unknown[]): unknown {
  const signal = cancellationSignal();
  if (signal.aborted) return signal.reason;
  if (!(error instanceof Error)) return error;
  const { attempt } = activityInfo();
  return ApplicationFailure.create({
    message: error.message,
    type: error.name,
    nonRetryable: !isWorthRetrying(error, attempt),
    nextRetryDelay: waitBefore(attempt + 1),
    details,
  });
}
