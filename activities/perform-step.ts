// A step as a Temporal activity: find it in the store, or make it in a child process and keep it; answer with a receipt.
import { hostname } from 'node:os';
import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type { AttemptRecord } from '../artifacts/attempt-record.ts';
import { keyOf } from '../artifacts/recipe.ts';
import { noteUse } from '../artifacts/running-cells.ts';
import type { Made, Store } from '../artifacts/store.ts';
import type { StepName } from '../experiments/steps.ts';
import { asFailure } from './as-failure.ts';
import { DamagedArtifact, isWorthRetrying, MadeElsewhere } from './failures.ts';
import { notBefore } from './not-before.ts';
import { recipeOf } from './recipe-of.ts';
import type { StepOutcome, StepRequest } from './reference.ts';
import { runInChild } from './run-child.ts';
import { openStepAttempt, type StepAttempt } from './step-attempt.ts';
import type { ChildJob } from './step-child.ts';

/** Where a worker does its steps. */
export interface Workplace {
  store: Store;
  /** Folder of the children's logs. */
  logs: string;
  reports: string;
  /** Folders where set-up keeps data that it has downloaded. */
  downloads: readonly string[];
  codeVersion: string;
  /** Worker threads that a step may use besides its own. */
  threads: number;
  /** Address of the namespace's pages in the Temporal UI, for links. */
  temporalUi?: string;
}

/** Does one step and answers what it made; throws `ApplicationFailure` typed by the error's name. */
export async function performStep(place: Workplace, request: StepRequest): Promise<StepOutcome> {
  const { step, inputs, madeAfter } = request;
  const { store, codeVersion } = place;
  const recipe = recipeOf(step, inputs);
  const key = keyOf(recipe);
  const { workflowId = '', runId = '' } = activityInfo().workflowExecution ?? {};
  const attempt = openStepAttempt(place, step.step, key);
  let hasBegun = false;
  try {
    const startedAt = notBefore(madeAfter);
    const { artifact, reused } = await store.make(
      recipe,
      { codeVersion, machine: hostname(), startedAt, workflowId, runId },
      (folder, signal) => {
        hasBegun = true;
        return makeInChild(place, request, key, folder, attempt, signal);
      },
      { madeAfter, signal: cancellationSignal(), onBusy: () => throwMadeElsewhere(step.step) },
    );
    if (!hasBegun) attempt.hit();
    else if (reused) await attempt.end('discarded');
    if (!reused && step.step === 'fetch') await store.push('first-seen/');
    const { digest, manifest } = artifact;
    const { seconds, runId: maker } = manifest.provenance;
    await noteUse(store.folder, workflowId || 'none', key);
    return {
      ...{ step: step.step, key, digest, seconds, summary: manifest.summary },
      reused: reused && maker !== runId, // an earlier attempt of this run may have made it
      log: hasBegun ? attempt.lastWords().log : undefined,
    };
  } catch (error) {
    if (hasBegun) await attempt.end(outcomeOf(error), (error as Error)?.name);
    throw asFailure(error, attempt.lastWords());
  } finally {
    await attempt.close();
  }
}

/** Another run is at it: the plan waits, and asks again; here it would take the place of a step that can be done. */
function throwMadeElsewhere(step: StepName): never {
  throw new MadeElsewhere(`another run makes the same ${step}`);
}

/** Has a child process write the artifact's files into the folder. */
async function makeInChild(
  { store, downloads, threads }: Workplace,
  { step, inputs, madeAfter = '' }: StepRequest,
  key: string,
  folder: string,
  attempt: StepAttempt,
  signal: AbortSignal,
): Promise<Made> {
  await bringBeside(store, step);
  const log = await attempt.begin();
  const job: ChildJob = {
    step,
    inputs: await inputFolders(store, inputs),
    folder,
    store: store.folder,
    downloads,
    checkpointFolder: store.checkpointFolder(key),
    checkpointsAfter: madeAfter,
    threads,
  };
  const made = await runInChild(job, log, signal, attempt).catch(async error => {
    await inputFolders(store, inputs); // it may have read what was damaged
    throw error;
  });
  await attempt.end('made'); // before its artifact has its place: whoever dies in between has made it
  return made;
}

/** What a download is held against, and images that somebody brought: they lie beside the artifacts. */
async function bringBeside(store: Store, step: StepRequest['step']): Promise<void> {
  if (step.step !== 'fetch') return;
  const { dataset, content } = step.settings;
  await store.pull(content === undefined ? 'first-seen/' : `own-images/${dataset}/`);
}

/** Where the inputs lie, verified. */
async function inputFolders(store: Store, inputs: StepRequest['inputs']) {
  const folders: Record<string, { step: StepOutcome['step']; folder: string }> = {};
  for (const [role, { step, key, digest }] of Object.entries(inputs)) {
    const artifact = await store.find(key, digest);
    if (!artifact) throw new DamagedArtifact(step, key);
    folders[role] = { step, folder: artifact.folder };
  }
  return folders;
}

/** How an attempt that threw ended: told apart by whether its checkpoints will be gone on from. */
function outcomeOf(error: unknown): AttemptRecord['outcome'] {
  if (cancellationSignal().aborted) return 'cancelled';
  const mayGoOn = error instanceof Error && isWorthRetrying(error, activityInfo().attempt);
  return mayGoOn ? 'interrupted' : 'failed';
}
