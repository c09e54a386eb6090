// Waiting in a plan for what another run does: it takes no worker's place.
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { sleep } from '@temporalio/workflow';

const [firstWaitMs, longestWaitMs, growth] = [2_000, 5 * 60_000, 1.2];

/** Tries `work` again and again, ever more seldom, as long as another is at it, as `isBusy` tells of its error. */
export async function whenFree<T>(isBusy: (error: unknown) => boolean, work: () => Promise<T>): Promise<T> {
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(growth * waitMs, longestWaitMs)) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
    await sleep(waitMs);
  }
}

/** Whether a workflow of that id runs. */
export function isRunning(error: unknown): boolean {
  return error instanceof WorkflowExecutionAlreadyStartedError;
}
