// How far the cells of a running experiment are: asked of the Temporal server, cell by cell.
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { arrayFromPayloads, defaultPayloadConverter, WorkflowNotFoundError } from '@temporalio/common';
import type { CellOutcome, StepBeat } from '../../activities/reference.ts';
import type { StepProgress } from '../../activities/step-work.ts';
import type { Cell } from '../../experiments/experiment.ts';

export interface CellProgress {
  address: string;
  /** `waiting` has not begun, `queued` waits for a worker. */
  status: 'waiting' | 'queued' | 'running' | CellOutcome['status'];
  step?: string;
  attempt?: number;
  /** The last beat of a step that runs; of one that is paused, that it is. */
  progress?: StepProgress & Partial<StepBeat>;
  /** Of the last failed attempt, or why the cell has no number. */
  error?: string;
  outcome?: CellOutcome;
}

/** The progress of one cell; `outcome` is set once its workflow has ended. What ended before `since` does not count. */
export async function cellProgress(
  client: Client,
  { experiment, address }: Cell,
  since?: Date,
): Promise<CellProgress> {
  const handle = client.workflow.getHandle(`${experiment}/${address}`);
  try {
    const described = await handle.describe();
    const isRunning = described.status.name === 'RUNNING'; // by whomever
    if (since && described.startTime < since && !isRunning) return { address, status: 'waiting' };
    if (described.status.name === 'COMPLETED') {
      const outcome = (await handle.result()) as CellOutcome;
      return { address, status: outcome.status, error: outcome.reason, outcome };
    }
    const { name } = described.status;
    if (name !== 'RUNNING') return { address, status: name === 'TERMINATED' ? 'terminated' : 'cancelled' };
    return { address, ...stepProgress(described) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { address, status: 'waiting' };
    throw error;
  }
}

/** What a workflow has under way: its first step that a worker has, or waits for. */
export function stepProgress({ raw }: WorkflowExecutionDescription): Omit<CellProgress, 'address'> {
  const [pending] = raw.pendingActivities ?? [];
  if (!pending) return { status: 'running' };
  const [progress] = arrayFromPayloads(
    defaultPayloadConverter,
    pending.heartbeatDetails?.payloads,
  ) as StepBeat[];
  const started = pending.state === 2; // PENDING_ACTIVITY_STATE_STARTED
  return {
    status: started ? 'running' : 'queued',
    step: pending.activityType?.name ?? undefined,
    attempt: pending.attempt ?? undefined,
    progress: pending.paused ? { text: 'paused' } : started ? progress : undefined,
    error: failureText(pending.lastFailure),
  };
}

/** The error's name and message, as `ChildDied: train (process 1234) ended by SIGKILL before it was done`. */
function failureText(failure: Failure | null | undefined): string | undefined {
  if (!failure?.message) return undefined;
  const name = failure.applicationFailureInfo?.type;
  return name ? `${name}: ${failure.message}` : failure.message;
}

interface Failure {
  message?: string | null;
  applicationFailureInfo?: { type?: string | null } | null;
}
