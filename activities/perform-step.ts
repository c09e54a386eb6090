// A step as a Temporal activity: find it in the store, or make it in a child process and keep it; answer with a receipt.
import { hostname } from 'node:os';
import path from 'node:path';
import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { keyOf } from '../artifacts/recipe.ts';
import type { Store } from '../artifacts/store.ts';
import { recipeOf } from './recipe-of.ts';
import type { StepOutcome, StepRequest } from './reference.ts';
import { ChildDied, ChildHung, runInChild } from './run-child.ts';
import type { StepProgress } from './step-work.ts';

/** Where a worker does its steps. */
export interface Workplace {
  store: Store;
  /** Folder of the children's logs. */
  logs: string;
  reports: string;
  codeVersion: string;
  /** Worker threads that a step may use besides its own. */
  threads: number;
  /** Base address of the Temporal UI, for links. */
  temporalUi?: string;
}

const heartbeatMs = 2_000;

/** Failures that may be gone at the next attempt; all others would come again, so they are not retried. */
const worthRetrying = [ChildDied, ChildHung];

/** Does one step and answers what it made; throws `ApplicationFailure` typed by the error's name. */
export async function performStep(place: Workplace, request: StepRequest): Promise<StepOutcome> {
  const { step, inputs, madeAfter } = request;
  const recipe = recipeOf(step, inputs);
  const key = keyOf(recipe);
  const { workflowExecution, attempt } = activityInfo();
  let progress: StepProgress = { text: 'waiting for another that makes it' };
  const beat = setInterval(() => heartbeat(progress), heartbeatMs);
  try {
    const { artifact, reused } = await place.store.make(
      recipe,
      {
        codeVersion: place.codeVersion,
        machine: hostname(),
        startedAt: new Date().toISOString(),
        workflowId: workflowExecution?.workflowId ?? '',
        runId: workflowExecution?.runId ?? '',
      },
      async folder => {
        progress = { text: 'starting' };
        return runInChild(
          {
            step,
            inputs: await inputFolders(place.store, inputs),
            folder,
            store: place.store.folder,
            checkpointFolder: place.store.checkpointFolder(key),
            checkpointsAfter: madeAfter ?? '',
            threads: place.threads,
          },
          path.join(place.logs, 'steps', `${step.step}-${key.slice(0, 12)}-attempt-${attempt}.log`),
          cancellationSignal(),
          latest => {
            progress = latest;
          },
        );
      },
      { madeAfter, signal: cancellationSignal() },
    );
    const { digest, manifest } = artifact;
    return {
      step: step.step,
      key,
      digest,
      reused,
      seconds: manifest.provenance.seconds,
      summary: manifest.summary,
    };
  } catch (error) {
    throw explain(error);
  } finally {
    clearInterval(beat);
  }
}

async function inputFolders(store: Store, inputs: StepRequest['inputs']) {
  const folders: Record<string, { step: StepOutcome['step']; folder: string }> = {};
  for (const [role, { step, key }] of Object.entries(inputs)) {
    const artifact = await store.find(key);
    if (!artifact) {
      throw ApplicationFailure.nonRetryable(
        `the artifact ${key.slice(0, 12)} of step ${step} was removed or damaged meanwhile; run again`,
        'ArtifactMissing',
      );
    }
    folders[role] = { step, folder: artifact.folder };
  }
  return folders;
}

/** Cancellation passes as it is; all else becomes a failure whose type is the error's name. */
function explain(error: unknown): unknown {
  const signal = cancellationSignal();
  if (signal.aborted) return signal.reason;
  if (!(error instanceof Error) || error instanceof ApplicationFailure) return error;
  return ApplicationFailure.create({
    message: error.message,
    type: error.name,
    nonRetryable: !worthRetrying.some(type => error instanceof type),
  });
}
