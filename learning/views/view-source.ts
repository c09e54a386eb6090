// Batches of views, epoch after epoch: prepared on threads, some batches ahead, in a ring of shared memory.
import { ndarray } from '../../numeric/arrays/array.ts';
import type { RowSource } from '../../numeric/arrays/npy-file.ts';
import { Random } from '../../numeric/random.ts';
import { type BatchWriter, callingThreadWriter, threadsWriter } from './batch-writer.ts';
import type { ViewSettings } from './view-writer.ts';

/** Two views of each of n images. */
export interface ViewBatch {
  /**
   * `[2n, size, size, 3]`, level / 255; rows i and n + i are the views of the batch's image i. The memory is used again
   * as soon as the next batch is asked for.
   */
  readonly views: Float32Array;
  readonly n: number;
}

export interface ViewSource {
  /**
   * The batches of an epoch (counted from 0), always the same for the same epoch: every image once, in an order of the
   * epoch's own; the last batch may be smaller. With `firstBatch` the batches before that one are left out. One epoch is
   * read at a time. Failures of threads are thrown here.
   */
  epoch(epoch: number, firstBatch?: number): AsyncIterable<ViewBatch>;
}

export interface ViewOptions extends ViewSettings {
  /** Images in a batch, which then has twice as many rows. */
  readonly batchSize: number;
  /** Threads that augment; 0 for the calling thread. The views do not depend on it. */
  readonly threads: number;
  /** Batches in memory at the same time, the one in use included (default 3; without threads it is 1). */
  readonly slots?: number;
}

/**
 * Opens views of `images` `[n, size, size, 3]` for training. Images in a file stay there: every view reads its image.
 * Images that do not lie in shared memory are copied there once if there are threads. `close` ends the threads, without which the process would not end.
 * Throws `RangeError` for images that are not square RGB, and for numbers that make no sense.
 */
export function openViews(options: ViewOptions): ViewSource & { close(): Promise<void> } {
  const { seed, threads } = options;
  checkOptions(options);
  const [imageCount, size] = options.images.shape;
  const batchSize = Math.min(options.batchSize, imageCount);
  const slots = Array.from({ length: threads === 0 ? 1 : (options.slots ?? 3) }, () =>
    sharedFloats(2 * batchSize * size * size * 3),
  );
  const images = threads === 0 ? options.images : inSharedMemory(options.images);
  const settings: ViewSettings = { images, set: options.set, fill: options.fill, seed };
  const writer =
    threads === 0 ? callingThreadWriter({ settings, slots }) : threadsWriter({ settings, slots }, threads);
  const random = new Random(seed);
  let reading: number | undefined;

  async function* read(epoch: number, firstBatch = 0): AsyncGenerator<ViewBatch> {
    if (reading !== undefined)
      throw new Error(`views: epoch ${epoch} is asked for while epoch ${reading} is read`);
    reading = epoch;
    try {
      const order = random.fork('shuffle', epoch).permutation(imageCount);
      const rest = order.subarray(firstBatch * batchSize);
      yield* throughRing(writer, slots, epoch, rest, batchSize);
    } finally {
      reading = undefined;
    }
  }
  return { epoch: read, close: writer.close };
}

/** Writes batches ahead, one to a slot; a slot is written again when its batch is no longer in use. */
async function* throughRing(
  writer: BatchWriter,
  slots: readonly Float32Array[],
  epoch: number,
  order: Int32Array,
  batchSize: number,
): AsyncGenerator<ViewBatch> {
  const batchCount = Math.ceil(order.length / batchSize);
  const written: Promise<void>[] = [];
  const begin = (index: number) => {
    const images = order.subarray(index * batchSize, (index + 1) * batchSize);
    written[index] = writer.write(index % slots.length, { epoch, images });
    written[index].catch(() => {}); // thrown where the batch is awaited, which may be later than it fails
  };
  try {
    for (let index = 0; index < Math.min(slots.length, batchCount); index++) begin(index);
    for (let index = 0; index < batchCount; index++) {
      await written[index];
      const slot = slots[index % slots.length];
      const n = Math.min(batchSize, order.length - index * batchSize);
      yield { views: slot.subarray(0, (slot.length / batchSize) * n), n };
      if (index + slots.length < batchCount) begin(index + slots.length);
    }
  } finally {
    await Promise.allSettled(written); // no thread writes into the slots of an epoch that is left early
  }
}

function checkOptions({ images, batchSize, threads, slots }: ViewOptions): void {
  const [, height, width, channels] = images.shape;
  if (images.shape.length !== 4 || height !== width || channels !== 3) {
    throw new RangeError(
      `views: images must be [n, size, size, 3], they are [${images.shape}]; resize them first`,
    );
  }
  const check = (name: string, value: number, least: number) => {
    if (!Number.isInteger(value) || value < least) {
      throw new RangeError(`views: ${name} must be a whole number from ${least} on, it is ${value}`);
    }
  };
  check('batchSize', batchSize, 1);
  check('threads', threads, 0);
  check('slots', slots ?? 1, 1);
}

function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

function inSharedMemory(images: RowSource<Uint8Array>): RowSource<Uint8Array> {
  if ('path' in images || images.data.buffer instanceof SharedArrayBuffer) return images;
  const data = new Uint8Array(new SharedArrayBuffer(images.data.length));
  data.set(images.data);
  return ndarray(data, images.shape);
}
