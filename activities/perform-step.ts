// A step as a Temporal activity: find it in the store, or make it in a child process and keep it; answer with a receipt.
import { hostname } from 'node:os';
import path from 'node:path';
import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type AttemptRecord, beginAttempt, type OpenAttempt } from '../artifacts/attempt-record.ts';
import { keyOf } from '../artifacts/recipe.ts';
import { noteUse } from '../artifacts/running-cells.ts';
import type { Store } from '../artifacts/store.ts';
import { DamagedArtifact, isWorthRetrying } from './failures.ts';
import { recipeOf } from './recipe-of.ts';
import type { LastWords, StepBeat, StepOutcome, StepRequest } from './reference.ts';
import { lastLines, runInChild } from './run-child.ts';
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
  /** Address of the namespace's pages in the Temporal UI, for links. */
  temporalUi?: string;
}

const heartbeatMs = 2_000;
const shareMs = 10_000; // how old other hosts' knowledge of an attempt may be

/** Does one step and answers what it made; throws `ApplicationFailure` typed by the error's name. */
export async function performStep(place: Workplace, request: StepRequest): Promise<StepOutcome> {
  const { step, inputs, madeAfter } = request;
  const recipe = recipeOf(step, inputs);
  const key = keyOf(recipe);
  const { attempt } = activityInfo();
  const { workflowId = '', runId = '' } = activityInfo().workflowExecution ?? {};
  const logFile = path.join(place.logs, 'steps', `${step.step}-${key.slice(0, 12)}-attempt-${attempt}.log`);
  let progress: StepProgress = { text: 'waiting for another that makes it' };
  let record: OpenAttempt | undefined;
  const beat = setInterval(() => {
    heartbeat({ ...progress, key } satisfies StepBeat);
    record?.beat();
  }, heartbeatMs);
  const share = () => record && place.store.push(record.place).catch(() => {}); // the step itself says what is wrong
  const sharing = setInterval(share, shareMs);
  try {
    const { artifact, reused } = await place.store.make(
      recipe,
      {
        codeVersion: place.codeVersion,
        machine: hostname(),
        startedAt: new Date().toISOString(),
        workflowId,
        runId,
      },
      async (folder, signal) => {
        progress = { text: 'starting' };
        await bringBeside(place.store, step);
        record = await beginAttempt(place.store.folder, {
          key,
          step: step.step,
          workflowId,
          runId,
          attempt,
          machine: hostname(),
          log: logFile,
        });
        const job = {
          step,
          inputs: await inputFolders(place.store, inputs),
          folder,
          store: place.store.folder,
          checkpointFolder: place.store.checkpointFolder(key),
          checkpointsAfter: madeAfter ?? '',
          threads: place.threads,
        };
        const made = await runInChild(
          job,
          logFile,
          signal,
          latest => {
            progress = latest;
          },
          event => {
            if ('wrote' in event) record?.wrote(event.wrote);
            else record?.wentOnFrom(event.wentOnFrom);
          },
        ).catch(async error => {
          await inputFolders(place.store, inputs); // it may have read what was damaged
          throw error;
        });
        await record.end('made'); // before its artifact has its place: whoever dies in between has made it
        return made;
      },
      { madeAfter, signal: cancellationSignal() },
    );
    if (reused) await record?.end('discarded');
    if (!reused && step.step === 'fetch') await place.store.push('first-seen/');
    const { digest, manifest } = artifact;
    await noteUse(place.store.folder, workflowId || 'none', key);
    return {
      step: step.step,
      key,
      digest,
      reused: reused && manifest.provenance.runId !== runId, // an earlier attempt of this run may have made it
      seconds: manifest.provenance.seconds,
      summary: manifest.summary,
    };
  } catch (error) {
    await record?.end(outcomeOf(error, attempt), (error as Error)?.name);
    throw await asFailure(error, attempt, logFile);
  } finally {
    clearInterval(beat);
    clearInterval(sharing);
    await share();
  }
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
function outcomeOf(error: unknown, attempt: number): AttemptRecord['outcome'] {
  if (cancellationSignal().aborted) return 'cancelled';
  return error instanceof Error && isWorthRetrying(error, attempt) ? 'interrupted' : 'failed';
}

/** Cancellation passes as it is; all else becomes a failure whose type is the error's name, with the attempt's last words. */
async function asFailure(error: unknown, attempt: number, logFile: string): Promise<unknown> {
  const signal = cancellationSignal();
  if (signal.aborted) return signal.reason;
  if (!(error instanceof Error)) return error;
  const words: LastWords = { log: logFile, lines: await lastLines(logFile) };
  return ApplicationFailure.create({
    message: error.message,
    type: error.name,
    nonRetryable: !isWorthRetrying(error, attempt),
    details: [words],
  });
}
