// A step that a sweep makes for several of its cells: they have no workflows of their own yet, and are as far as it is.
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Cell } from '../../experiments/experiment.ts';
import { type CellProgress, stepProgress } from './cell-progress.ts';
import { addressesOf } from './interrupted-runs.ts';

export type StepProgress = Omit<CellProgress, 'address'>;

/** What the sweep of an experiment does now, as a function of its cells, for several of which it may be; undefined for all others. */
export async function sharedStep(
  client: Client,
  experiment: string,
): Promise<(cell: Cell) => StepProgress | undefined> {
  try {
    const described = await client.workflow.getHandle(experiment).describe();
    if (described.status.name !== 'RUNNING') return () => undefined;
    const progress = stepProgress(described);
    const theirs = new Set(await addressesOf(described));
    return ({ address }) => (theirs.has(address) ? progress : undefined);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return () => undefined;
    throw error;
  }
}

/** A cell that has not begun waits for a step that its sweep makes for several. */
export function withSharedStep(
  { steps }: Cell,
  progress: CellProgress,
  shared: StepProgress | undefined,
): CellProgress {
  const isAwaited = progress.status === 'waiting' && steps.some(({ step }) => step === shared?.step);
  return isAwaited ? { ...progress, ...shared } : progress;
}
