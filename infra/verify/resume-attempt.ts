// One attempt of a training in a process of its own, as a worker would make it: for verify-resume.ts, which kills it.
// Takes a job over IPC, tells the training child's progress, and ends with it.

import { openAttemptLog } from '../../activities/attempt-log.ts';
import { type ChildListener, runInChild } from '../../activities/run-child.ts';
import type { ChildJob } from '../../activities/step-child.ts';

/** What is told on the way, and at the end. */
export type AttemptMessage = { text: string; child: number } | { done: true } | { failed: string };

const stopped = new AbortController();
process.on('SIGTERM', () => stopped.abort(new Error('stopped')));

process.once('message', async ({ job, log }: { job: ChildJob; log: string }) => {
  const tell = (message: AttemptMessage) => process.send?.(message);
  const listener: ChildListener = { onProgress: ({ text }, child) => tell({ text, child }) };
  const outcome = await runInChild(job, openAttemptLog(log), stopped.signal, listener).then(
    (): AttemptMessage => ({ done: true }),
    (error: Error): AttemptMessage => ({ failed: `${error.name}: ${error.message}` }),
  );
  process.send?.(outcome, () => process.exit(0));
});
