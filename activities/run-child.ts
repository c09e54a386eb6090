// Runs one step attempt in a process of its own: only a process can be stopped with all that it holds.
import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Made } from '../artifacts/store.ts';
import { signalGroup } from '../machine/process-group.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { CheckpointEvent } from './checkpoints.ts';
import { kernelKills, memoryWords, OutOfMemory } from './out-of-memory.ts';
import type { ChildJob, ChildMessage } from './step-child.ts';
import type { StepProgress } from './step-work.ts';

/** The child said why it could not do the step. */
export class StepFailed extends Error {
  readonly code?: string;

  /** `type`: the error's name; `code`: that of a system call. */
  constructor(type: string, message: string, stack?: string, code?: string) {
    super(message);
    this.name = type;
    this.stack = stack;
    this.code = code;
  }
}

/** The child was gone without a word: killed, or crashed in native code. */
export class ChildDied extends Error {
  override name = 'ChildDied';
}

/** The child made no progress for too long and was stopped. */
export class ChildHung extends Error {
  override name = 'ChildHung';
}

const hungAfterMs = 15 * 60_000; // the longest silent stretch of a step is far below
const graceMs = 20_000; // what a cancelled child has to write its last checkpoint

/** What the child tells while it works. */
export interface ChildListener {
  onProgress?: (progress: StepProgress, pid: number) => void;
  onCheckpoint?: (event: CheckpointEvent) => void;
}

/** Forks the child, relays what it tells, stops it when the signal says so; rejects with the signal's reason then. */
export async function runInChild(
  job: ChildJob,
  log: AttemptLog,
  signal: AbortSignal,
  listener: ChildListener,
): Promise<Made> {
  const killsBefore = await kernelKills();
  const child = fork(
    fileURLToPath(new URL('../dist/step-child.js', import.meta.url)),
    [job.step.step], // for those who list processes
    {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: ['--enable-source-maps'],
      serialization: 'advanced',
      detached: true,
      env: withoutCredentials(process.env),
    },
  );
  beAsNice(child);
  log.ofProcess(child.pid);
  log.take(child.stdout, 'info');
  log.take(child.stderr, 'error');
  try {
    return await supervise(child, job, signal, withLog(listener, log));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const { name, message, stack } = error as Error;
    log.write('error', `${name}: ${message}`, { stack });
    throw error instanceof ChildDied ? await whyDied(error, log, killsBefore) : error;
  }
}

/** Linux shares cores out between sessions first (sched(7), autogroup), and the child leads one: else `nice simcne run` were nice to nobody. */
function beAsNice({ pid }: ChildProcess): void {
  try {
    if (getPriority() > 0) writeFileSync(`/proc/${pid}/autogroup`, String(getPriority()));
  } catch {
    // another system, or one that shares out otherwise
  }
}

/** A child reads files that came from outside, and talks to neither store nor server: it need not know their keys. */
function withoutCredentials(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isSecret = (name: string) =>
    /^AWS_(ACCESS_KEY_ID|SECRET_|SESSION_TOKEN|CONTAINER_)|^TEMPORAL_API_KEY$/.test(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isSecret(name)));
}

const logEveryMs = 1_000; // of progress

/** Writes down what the child tells: its checkpoints, and its progress now and then. */
function withLog({ onProgress, onCheckpoint }: ChildListener, log: AttemptLog): Required<ChildListener> {
  let loggedAt = 0;
  return {
    onProgress(progress, pid) {
      onProgress?.(progress, pid);
      if (Date.now() - loggedAt < logEveryMs) return;
      loggedAt = Date.now();
      const { text, numbers, ...more } = progress;
      log.write('info', text, { ...more, ...numbers });
    },
    onCheckpoint(event) {
      onCheckpoint?.(event);
      log.write('info', 'wrote' in event ? 'wrote a checkpoint' : 'looked for a checkpoint', event);
    },
  };
}

function supervise(
  child: ChildProcess,
  job: ChildJob,
  signal: AbortSignal,
  { onProgress, onCheckpoint }: Required<ChildListener>,
): Promise<Made> {
  return new Promise((resolve, reject) => {
    let answer: ChildMessage | undefined;
    let heardAt = Date.now();
    let hung = false;
    const watch = setInterval(() => {
      if (Date.now() - heardAt < hungAfterMs) return;
      hung = true;
      signalGroup(child, 'SIGKILL');
    }, 5_000);
    let impatience: NodeJS.Timeout | undefined;
    const stop = () => {
      signalGroup(child, 'SIGTERM');
      impatience = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
    };
    signal.addEventListener('abort', stop, { once: true });
    child.on('message', (message: ChildMessage) => {
      heardAt = Date.now();
      if (message.kind === 'progress') onProgress(message.progress, child.pid!);
      else if (message.kind === 'checkpoint') onCheckpoint(message.event);
      else answer = message;
    });
    child.on('error', reject);
    child.once('close', (code, killedBy) => {
      clearInterval(watch);
      clearTimeout(impatience);
      signal.removeEventListener('abort', stop);
      signalGroup(child, 'SIGKILL'); // whatever it may have started
      const name = `${job.step.step} (process ${child.pid})`;
      if (answer?.kind === 'made') {
        const { summary, backend, peakMemoryBytes } = answer;
        resolve({ summary, backend, peakMemoryBytes });
      } else if (answer?.kind === 'failed') reject(failureOf(answer));
      else if (hung) reject(new ChildHung(`${name} made no progress for ${hungAfterMs / 60_000} minutes`));
      else reject(new ChildDied(`${name} ended by ${killedBy ?? `exit code ${code}`} before it was done`));
    });
    child.send(job);
    if (signal.aborted) stop();
  });
}

function failureOf({ name, message, stack, code }: Extract<ChildMessage, { kind: 'failed' }>): StepFailed {
  return new StepFailed(name, message, stack, code);
}

/** Tells a death for want of memory from others; `killsBefore`: how often the kernel had killed before the child began. */
async function whyDied(died: ChildDied, log: AttemptLog, killsBefore: number): Promise<Error> {
  const told = memoryWords(log.text());
  if (told) return new OutOfMemory(told.trim());
  if (died.message.includes('SIGKILL') && (await kernelKills()) > killsBefore) {
    return new OutOfMemory('killed by the kernel');
  }
  return died;
}
