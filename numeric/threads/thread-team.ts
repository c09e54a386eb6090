// Several threads that run one module over shared memory: how work is handed out, and how they wait for each
// other.
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { startThread } from './thread.ts';

export interface TeamOptions {
  /** How many threads; by default as many as there are processors. Results never depend on it. */
  threads?: number;
  /** Ends the threads; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Receives what the threads post. */
  onMessage?: (message: unknown) => void;
}

/** What makes a thread a member of its team; travels in `workerData`. */
export interface Membership {
  readonly control: Int32Array;
  readonly rank: number;
  readonly size: number;
}

/**
 * Runs `module` on a team of threads, each with `workerData` = `data` and its `membership`, until all have
 * ended.
 */
export async function runTeam(
  module: URL,
  data: object,
  { threads = availableParallelism(), signal, onMessage }: TeamOptions = {},
): Promise<void> {
  signal?.throwIfAborted();
  if (!(Number.isInteger(threads) && threads >= 1)) {
    throw new RangeError(`threads: expected a whole number, 1 or more, got ${threads}`);
  }
  const control = sharedArray(Int32Array, 3);
  const workers = Array.from({ length: threads }, (_, rank) =>
    startThread(module, { workerData: { ...data, membership: { control, rank, size: threads } } }),
  );
  for (const worker of workers) worker.on('message', message => onMessage?.(message));
  const listening = new AbortController();
  try {
    await Promise.race([Promise.all(workers.map(ended)), aborted(signal, listening.signal)]);
  } finally {
    listening.abort();
    await Promise.all(workers.map(worker => worker.terminate()));
  }
}

function ended(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', code =>
      code === 0 ? resolve() : reject(new Error(`thread ended with code ${code}`)),
    );
  });
}

/** Rejects with the reason of `signal`, as long as `listening` is not aborted. */
function aborted(signal: AbortSignal | undefined, listening: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { signal: listening });
  });
}

const [nextItem, arrivals, generation] = [0, 1, 2];

/** A thread's view of its team. */
export class Team {
  readonly rank: number;
  readonly #size: number;
  readonly #control: Int32Array;

  constructor({ control, rank, size }: Membership) {
    this.#control = control;
    this.rank = rank;
    this.#size = size;
  }

  /** The number of the next item that no thread has taken; since the last meeting, from 0 on. */
  take(): number {
    return Atomics.add(this.#control, nextItem, 1);
  }

  /**
   * Does the items 0 … count − 1, each on whichever thread is free, and returns when all are done. Every
   * thread must come by; an item must write to places of its own only, so that results depend neither on the
   * number of threads nor on their pace.
   */
  share(count: number, work: (item: number) => void): void {
    for (;;) {
      const item = this.take();
      if (item >= count) break;
      work(item);
    }
    this.meet();
  }

  /** `share` over the ranges [from, to) of at most `size` that make up 0 … count − 1. */
  shareRanges(count: number, size: number, work: (from: number, to: number) => void): void {
    this.share(Math.ceil(count / size), item => work(item * size, Math.min(count, (item + 1) * size)));
  }

  /** Waits until every thread has come here. */
  meet(): void {
    const control = this.#control;
    const round = Atomics.load(control, generation);
    if (Atomics.add(control, arrivals, 1) + 1 === this.#size) {
      Atomics.store(control, arrivals, 0);
      Atomics.store(control, nextItem, 0);
      Atomics.add(control, generation, 1);
      Atomics.notify(control, generation);
      return;
    }
    while (Atomics.load(control, generation) === round) Atomics.wait(control, generation, round);
  }
}

/** The calling thread alone, for work that is too little for threads. */
export function oneMemberTeam(): Team {
  return new Team({ control: new Int32Array(3), rank: 0, size: 1 });
}

type ArrayConstructor<T> = {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: SharedArrayBuffer): T;
};

/** Zeros that all threads see. */
export function sharedArray<T>(type: ArrayConstructor<T>, length: number): T {
  return new type(new SharedArrayBuffer(length * type.BYTES_PER_ELEMENT));
}

/** The same numbers where all threads see them; copied only if they are not there yet. */
export function shared<T extends Float64Array | Float32Array | Int32Array | Uint8Array>(values: T): T {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const copy = sharedArray(values.constructor as unknown as ArrayConstructor<T>, values.length);
  copy.set(values);
  return copy;
}
