// Proves on this machine that an interrupted training ends bit-identical to one that was not: a short training with every kind of
// stage, straight through, then killed, paused, and moved from one worker process to another with fewer threads.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CheckpointInterval } from '../../activities/checkpoints.ts';
import type { ChildJob } from '../../activities/step-child.ts';
import { prepare } from '../../activities/steps/prepare.ts';
import { artifactDigest, folderFiles } from '../../artifacts/digest.ts';
import { trainingOf } from '../../experiments/paper-training.ts';
import type { Step } from '../../experiments/steps.ts';
import type { AttemptMessage } from './resume-attempt.ts';

export interface ResumeCheck {
  check: 'resume';
  case: string;
  /** Where the last attempt went on, as it said itself. */
  resumed: string | null;
  digest: string | null;
  passed: boolean;
  reason?: string;
}

/** How attempts before the last one end: what is done to the worker and its training child, once that has come far enough. */
type Ending = (worker: ChildProcess, child: number) => void;

const kill: Ending = (_worker, child) => process.kill(child, 'SIGKILL');
const pause: Ending = worker => void worker.kill('SIGTERM');
const loseWorker: Ending = worker => void worker.kill('SIGKILL');

interface Case {
  endings: readonly Ending[];
  interval: CheckpointInterval;
}

const everyEpoch: CheckpointInterval = { epochs: 1, ms: 60_000 };
const never: CheckpointInterval = { epochs: 1_000, ms: 60 * 60_000 }; // so that there is only what a pause writes

const cases: Record<string, Case> = {
  'killed twice (kill -9)': { endings: [kill, kill], interval: everyEpoch },
  'paused, as a cancelled or stopped one is': { endings: [pause], interval: never },
  'moved to another worker, the first one lost': { endings: [loseWorker], interval: everyEpoch },
};

const images = 320;
const imageSize = 16;
const train: Step = {
  step: 'train',
  settings: {
    ...trainingOf({ stem: 'small-stride2', width: 8 }, 64, { tsimcne: [7, 3, 6], simclr: 1, warmUp: 1 })[
      't-simcne'
    ],
    loss: 'cauchy',
    augmentation: 'rot90',
    snapshotEvery: 2,
    seed: 1,
  },
  inputs: { images: 'prepare' },
};

/** All cases, each held against the training that was not interrupted. Takes about half a minute on two cores. */
export async function verifyResume(threads: number, onCase: (name: string) => void): Promise<ResumeCheck[]> {
  const place = await mkdtemp(path.join(tmpdir(), 'simcne-resume-'));
  try {
    await prepareImages(path.join(place, 'images'));
    onCase('straight through');
    const straight = await runAttempts(place, 'straight', { endings: [], interval: never }, threads);
    const checks: ResumeCheck[] = [];
    for (const [name, interruptions] of Object.entries(cases)) {
      onCase(name);
      checks.push(await verifyCase(place, name, interruptions, threads, straight.digest));
    }
    return checks;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function verifyCase(
  place: string,
  name: string,
  interruptions: Case,
  threads: number,
  expected: string,
): Promise<ResumeCheck> {
  try {
    const { digest, resumed } = await runAttempts(place, name, interruptions, threads);
    const reason =
      digest !== expected
        ? `other weights or losses than straight through (${expected.slice(0, 12)})`
        : resumed === null
          ? 'the last attempt began anew: no checkpoint was gone on from'
          : undefined;
    return { check: 'resume', case: name, resumed, digest, passed: reason === undefined, reason };
  } catch (error) {
    const { message } = error as Error;
    return { check: 'resume', case: name, resumed: null, digest: null, passed: false, reason: message };
  }
}

async function prepareImages(folder: string): Promise<void> {
  await mkdir(folder);
  await prepare({
    settings: { dataset: 'shapes', imageSize, images, seed: 0 },
    inputs: { files: { step: 'fetch', folder } },
    folder,
    store: '',
    checkpointFolder: '',
    downloads: [],
    checkpointsAfter: '',
    threads: 0,
    signal: new AbortController().signal,
    onProgress: () => {},
    onCheckpoint: () => {},
  });
}

/** Attempts that end one after another as told, then one to the end; what that made, and where it went on. */
async function runAttempts(
  place: string,
  name: string,
  { endings, interval }: Case,
  threads: number,
): Promise<{ digest: string; resumed: string | null }> {
  const folder = path.join(place, name);
  const job = (attempt: number): ChildJob => ({
    step: train,
    inputs: { images: { step: 'prepare', folder: path.join(place, 'images') } },
    folder: path.join(folder, `made-${attempt}`),
    store: place,
    checkpointFolder: path.join(folder, 'checkpoints'),
    downloads: [],
    checkpointsAfter: '',
    checkpointInterval: interval,
    threads: attempt === 0 ? threads : 1,
  });
  for (const [attempt, ending] of endings.entries()) {
    await runAttempt(job(attempt), { ending, afterEpochs: 3 * (attempt + 1) });
  }
  const last = job(endings.length);
  const said = await runAttempt(last);
  const resumed = said.find(text => text.startsWith('going on from')) ?? null;
  return { digest: artifactDigest(await folderFiles(last.folder)), resumed };
}

/** One attempt in a worker process of its own; what it said. Throws where it fails by itself, or was to be ended and was not. */
async function runAttempt(
  job: ChildJob,
  interruption?: { ending: Ending; afterEpochs: number },
): Promise<string[]> {
  await mkdir(job.folder, { recursive: true });
  const program = fileURLToPath(new URL('../../dist/resume-attempt.js', import.meta.url));
  const worker = fork(program, { execArgv: ['--enable-source-maps'] });
  const said: string[] = [];
  let failed: string | undefined;
  let isDone = false;
  let isEnded = false;
  worker.on('message', (message: AttemptMessage) => {
    if ('failed' in message) failed = message.failed;
    else if ('done' in message) isDone = true;
    else {
      said.push(message.text);
      const epoch = Number(/^epoch (\d+)\//.exec(message.text)?.[1] ?? 0);
      if (!interruption || isEnded || epoch < interruption.afterEpochs) return;
      isEnded = true;
      interruption.ending(worker, message.child);
    }
  });
  worker.send({ job, log: path.join(job.folder, '..', 'attempts.log') });
  await once(worker, 'exit');
  if (isEnded ? isDone : !isDone) {
    throw new Error(isEnded ? 'it ended before it could be interrupted' : (failed ?? 'its worker died'));
  }
  return said;
}
