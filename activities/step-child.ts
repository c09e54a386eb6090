// The child process of one step attempt: takes a job over IPC, does it, answers; gone with its parent.
import { z } from 'zod';
import { explainWriteError } from '../artifacts/durable.ts';
import type { StepName } from '../experiments/steps.ts';
import { Step } from '../experiments/steps.ts';
import type { CheckpointEvent, CheckpointInterval } from './checkpoints.ts';
import { explainMemoryError } from './out-of-memory.ts';
import type { StepJob, StepProgress, StepWork } from './step-work.ts';
import { stepWork } from './steps/catalogue.ts';
import { timeLeft } from './time-left.ts';

/** What the parent sends. */
export interface ChildJob {
  step: Step;
  inputs: Record<string, { step: StepName; folder: string }>;
  folder: string;
  store: string;
  downloads: readonly string[];
  checkpointFolder: string;
  /** Checkpoints written before this ISO time are not gone on from. */
  checkpointsAfter: string;
  checkpointInterval?: CheckpointInterval;
  threads: number;
}

/** What the child answers: progress and checkpoints, then one of the other two. */
export type ChildMessage =
  | { kind: 'progress'; progress: StepProgress }
  | { kind: 'checkpoint'; event: CheckpointEvent }
  | { kind: 'made'; summary: Record<string, unknown>; backend: string; peakMemoryBytes: number }
  | { kind: 'failed'; name: string; message: string; stack?: string; code?: string };

const cancelled = new AbortController();
process.on('SIGTERM', () => cancelled.abort(new Error('cancelled')));
process.on('disconnect', () => process.exit(1)); // the worker died: nobody would keep what is made here
process.once('message', message => void run(message as ChildJob));

async function run(job: ChildJob): Promise<void> {
  const answer = await perform(job).catch(error => {
    return failure(explainMemoryError(explainWriteError(error, job.folder)));
  });
  process.send?.(answer, () => process.exit(answer.kind === 'made' ? 0 : 1));
}

async function perform(job: ChildJob): Promise<ChildMessage> {
  const { step, settings } = Step.parse(job.step);
  const work = (await stepWork[step]()) as StepWork<StepName>;
  const withTimeLeft = timeLeft();
  const made = await work({
    settings,
    inputs: job.inputs as StepJob['inputs'],
    folder: job.folder,
    store: job.store,
    downloads: job.downloads,
    checkpointFolder: job.checkpointFolder,
    checkpointsAfter: job.checkpointsAfter,
    checkpointInterval: job.checkpointInterval,
    threads: job.threads,
    signal: cancelled.signal,
    onProgress: progress => {
      const numbers = { ...progress.numbers, peakMemoryBytes: peakMemoryBytes() };
      const message: ChildMessage = { kind: 'progress', progress: { ...withTimeLeft(progress), numbers } };
      process.send?.(message);
    },
    onCheckpoint: event => process.send?.({ kind: 'checkpoint', event } satisfies ChildMessage),
  });
  return { kind: 'made', ...made, peakMemoryBytes: peakMemoryBytes() };
}

/** The largest resident set that this process has had. */
function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

function failure(error: unknown): ChildMessage {
  if (!(error instanceof Error)) return { kind: 'failed', name: 'Error', message: String(error) };
  const message = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
  const { code } = error as NodeJS.ErrnoException;
  return { kind: 'failed', name: error.name, message, stack: error.stack, code };
}
