// A run that ended before its end, as in the Temporal UI: what became of its cells, and what to type.
import { type Client, WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure, TerminatedFailure } from '@temporalio/common';
import type { Cell } from '../../experiments/experiment.ts';
import { cellProgress } from './cell-progress.ts';
import { describe } from './describe-progress.ts';
import { errorMessage } from './error-message.ts';

/** Somebody ended the run, or it failed as a whole. */
export class RunEnded extends Error {
  override name = 'RunEnded';
}

const mostListed = 30;

/** The error of a run's result in words; others are passed on. `wayOut` is a command. */
export async function explainEnd(
  error: unknown,
  client: Client,
  { workflowId, cells, wayOut }: { workflowId: string; cells: readonly Cell[]; wayOut: string },
): Promise<unknown> {
  if (!(error instanceof WorkflowFailedError)) return error;
  const { startTime } = await client.workflow.getHandle(workflowId).describe();
  const fates = await fatesOf(client, cells, startTime);
  const listed = fates.slice(0, mostListed).map(({ address, fate }) => `  ${address}: ${fate}`);
  if (fates.length > mostListed) listed.push(`  and ${fates.length - mostListed} more`);
  return new RunEnded(
    [
      `run ${workflowId} ${endOf(error)}; of its cells ${fates.length === 0 ? 'all were made' : 'these were not made:'}`,
      ...listed,
      `what was made is kept: "${wayOut}" goes on from there`,
    ].join('\n'),
  );
}

function endOf({ cause }: WorkflowFailedError): string {
  if (cause instanceof CancelledFailure) return 'was cancelled';
  if (cause instanceof TerminatedFailure) return `was terminated (${cause.message})`;
  return `failed (${errorMessage(cause?.cause ?? cause)})`;
}

/** Of the cells that were not made. */
async function fatesOf(client: Client, cells: readonly Cell[], since: Date) {
  const fates: { address: string; fate: string }[] = [];
  for (const cell of cells) {
    const progress = await cellProgress(client, cell, since);
    if (progress.outcome?.status === 'done') continue;
    fates.push({
      address: cell.address,
      fate: progress.status === 'waiting' ? 'not begun' : describe(progress),
    });
  }
  return fates;
}
