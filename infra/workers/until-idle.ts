// Ends a process's workers that have had nothing to do for a while, so that its machine can be given back. (Scaling down by the length of a
// queue would end workers in the middle of a training: what a worker has taken is in the queue no longer.)
import type { Worker } from '@temporalio/worker';

const lookEveryMs = 1_000;

/** Calls `shutdown` of all once no activity has been under way for `idleMs`. Returns what stops watching. */
export function shutDownWhenIdle(
  workers: Pick<Worker, 'getState' | 'getStatus' | 'shutdown'>[],
  idleMs: number,
): () => void {
  let busyAt = Date.now();
  const watch = setInterval(() => {
    if (workers.some(isBusy)) busyAt = Date.now();
    else if (Date.now() - busyAt >= idleMs) {
      clearInterval(watch);
      for (const worker of workers) worker.shutdown();
    }
  }, lookEveryMs);
  return () => clearInterval(watch);
}

function isBusy(worker: Pick<Worker, 'getState' | 'getStatus'>): boolean {
  return worker.getState() !== 'RUNNING' || worker.getStatus().numInFlightActivities > 0;
}
