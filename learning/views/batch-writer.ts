// Who writes a batch of views into a slot of memory: the calling thread, or several threads together.
import type { Worker } from 'node:worker_threads';
import { startThread } from '../../numeric/threads/thread.ts';
import { openViewWriter, type ViewSettings, type ViewTask } from './view-writer.ts';

/** A whole batch: the images' places in the data set, in the batch's order. */
export interface Batch {
  readonly epoch: number;
  readonly images: Int32Array;
}

export interface BatchWriter {
  /** Writes both views of every image into slot `slot`; rejects with what went wrong, also after `close`. */
  write(slot: number, batch: Batch): Promise<void>;
  close(): Promise<void>;
}

/** What a thread is started with; slots, and images that are no file, lie in memory that all threads share. */
export interface ViewThreadData {
  readonly settings: ViewSettings;
  readonly slots: readonly Float32Array[];
}

/** Writes on the calling thread, at once. */
export function callingThreadWriter({ settings, slots }: ViewThreadData): BatchWriter {
  const views = openViewWriter(settings);
  let closed = false;
  return {
    async write(slot, batch) {
      if (closed) throw viewsAreClosed();
      views.write(part(batch, 0, 1), slots[slot]);
    },
    async close() {
      if (!closed) views.close();
      closed = true;
    },
  };
}

/** Writes on `count` threads, each its share of every batch. When one fails, every batch rejects, later ones too. */
export function threadsWriter(data: ViewThreadData, count: number): BatchWriter {
  const unfinished = new Map<
    number,
    { parts: number; resolve: () => void; reject: (reason: Error) => void }
  >();
  let failure: Error | undefined;

  function fail(reason: Error): void {
    failure ??= reason;
    for (const batch of unfinished.values()) batch.reject(failure);
    unfinished.clear();
  }

  function partIsWritten(slot: number): void {
    const batch = unfinished.get(slot);
    if (!batch || --batch.parts > 0) return;
    unfinished.delete(slot);
    batch.resolve();
  }

  const threads = Array.from({ length: count }, () =>
    startThread(new URL('./view.thread.ts', import.meta.url), { workerData: data })
      .on('message', partIsWritten)
      .on('error', fail)
      .on('exit', code => fail(new Error(`views: a thread ended with exit code ${code}`))),
  );
  return {
    write: (slot, batch) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        unfinished.set(slot, { parts: count, resolve, reject });
        threads.forEach((thread, i) => {
          thread.postMessage({ slot, task: part(batch, i, count) });
        });
      }),
    async close() {
      fail(viewsAreClosed());
      await Promise.all(threads.map((thread: Worker) => thread.terminate()));
    },
  };
}

/** The i-th of `count` nearly equal parts of a batch. */
function part({ epoch, images }: Batch, i: number, count: number): ViewTask {
  const first = Math.floor((images.length * i) / count);
  const end = Math.floor((images.length * (i + 1)) / count);
  return { epoch, images: images.slice(first, end), first, batchSize: images.length };
}

function viewsAreClosed(): Error {
  return new Error('views: they are closed; open them again to read on');
}
