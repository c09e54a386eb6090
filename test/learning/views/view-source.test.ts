// Batches of views: the same on any number of threads, every image once, and a clean end however they end.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { augment } from '../../../learning/augmentations/augment.ts';
import type { AugmentationSet } from '../../../learning/augmentations/augmentation-set.ts';
import { drawViewParameters } from '../../../learning/augmentations/view-parameters.ts';
import { openViews, type ViewOptions, type ViewSource } from '../../../learning/views/view-source.ts';
import { type NdArray, ndarray } from '../../../numeric/arrays/array.ts';
import { encodeNpy } from '../../../numeric/arrays/npy.ts';
import { type NpyFile, npyFile } from '../../../numeric/arrays/npy-file.ts';
import { Random } from '../../../numeric/random.ts';

const size = 6;
const pixels = size * size * 3;
const fill = [200.5, 150, 100] as const;

/** All images are black but one, which is plain grey. */
function oneBrightImage(count: number, bright: number): NdArray<Uint8Array> {
  const data = new Uint8Array(count * pixels).fill(200, bright * pixels, (bright + 1) * pixels);
  return ndarray(data, [count, size, size, 3]);
}

function noisyImages(count: number): NdArray<Uint8Array> {
  const random = new Random(5);
  const data = Uint8Array.from({ length: count * pixels }, () => random.integer(256));
  return ndarray(data, [count, size, size, 3]);
}

const opened: { close(): Promise<void> }[] = [];
function open(options: Partial<ViewOptions> = {}) {
  const defaults = {
    images: noisyImages(23),
    set: 'randrot',
    fill,
    batchSize: 5,
    seed: 3,
    threads: 0,
  } as const;
  const views = openViews({ ...defaults, ...options });
  opened.push(views);
  return views;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map(views => views.close()));
});

/** An epoch's batches, copied out of the memory that is used again. */
async function read(source: ViewSource, epoch: number) {
  const batches: { views: Float32Array; n: number }[] = [];
  for await (const { views, n } of source.epoch(epoch)) batches.push({ views: views.slice(), n });
  return batches;
}

describe('openViews', () => {
  it('gives bit-identical views on 0, 1, 2 and 3 threads, with rings of any size', async () => {
    const expected = await read(open(), 4);
    for (const [threads, slots] of [
      [1, 1],
      [2, 2],
      [3, 3],
      [3, 9],
    ]) {
      expect(await read(open({ threads, slots }), 4)).toEqual(expected);
    }
  });

  it('gives an epoch the same views whatever was read before', async () => {
    const source = open({ threads: 2 });
    const first = await read(source, 0);
    const second = await read(source, 1);
    expect(second).not.toEqual(first);
    expect(await read(source, 0)).toEqual(first);
    expect(await read(open(), 1)).toEqual(second);
    expect(await read(open({ seed: 4 }), 1)).not.toEqual(second);
  });

  it('keeps the last batch, also if it has one image', async () => {
    const sizes = async (images: number) =>
      (await read(open({ images: noisyImages(images) }), 0)).map(({ views, n }) => [
        n,
        views.length / pixels,
      ]);
    expect(await sizes(11)).toEqual([
      [5, 10],
      [5, 10],
      [1, 2],
    ]);
    expect(await sizes(10)).toEqual([
      [5, 10],
      [5, 10],
    ]);
    expect(await sizes(3)).toEqual([[3, 6]]);
  });

  it('row i and row n + i are the two views of one image, drawn by epoch, image and view', async () => {
    const images = noisyImages(23);
    const order = new Random(3).fork('shuffle', 2).permutation(23);
    let place = 0;
    for (const { views, n } of await read(open({ images, threads: 2 }), 2)) {
      for (let i = 0; i < n; i++, place++) {
        const image = ndarray(images.data.slice(order[place] * pixels, (order[place] + 1) * pixels), [
          size,
          size,
          3,
        ]);
        for (const which of [0, 1]) {
          const random = new Random(3).fork('view', 2, order[place], which);
          const target = ndarray(new Uint8Array(pixels), [size, size, 3]);
          const view = augment(image, drawViewParameters(random, 'randrot', size), fill, target);
          const row = views.subarray((which * n + i) * pixels, (which * n + i + 1) * pixels);
          expect(row).toEqual(Float32Array.from(view.data, level => level / 255));
        }
      }
    }
    expect(place).toBe(23);
  });

  it('shows every image once an epoch, in another order each time', async () => {
    const placesIn = async (epoch: number) => {
      const places: number[] = [];
      for (let bright = 0; bright < 23; bright++) {
        const source = open({ images: oneBrightImage(23, bright), set: 'default', batchSize: 23 });
        const [{ views }] = await read(source, epoch);
        const rows = Array.from({ length: 46 }, (_, row) => row).filter(row => views[row * pixels] > 0);
        expect(rows).toEqual([rows[0], rows[0] + 23]);
        places.push(rows[0]);
      }
      return places;
    };
    const [first, second] = [await placesIn(0), await placesIn(1)];
    expect(new Set(first).size).toBe(23);
    expect(new Set(second).size).toBe(23);
    expect(second).not.toEqual(first);
  });

  it('can be left early and read again', async () => {
    const source = open({ threads: 2, batchSize: 2 });
    const expected = await read(source, 1);
    for await (const { n } of source.epoch(0)) {
      expect(n).toBe(2);
      break;
    }
    expect(await read(source, 1)).toEqual(expected);
  });

  it('refuses a second epoch while one is read', async () => {
    const source = open();
    for await (const _ of source.epoch(0)) {
      await expect(read(source, 1)).rejects.toThrow('epoch 1 is asked for while epoch 0 is read');
      break;
    }
  });

  it.each([0, 2])('throws to the reader what goes wrong on %i threads', async threads => {
    const source = open({ threads, set: 'unknown' as AugmentationSet });
    await expect(read(source, 0)).rejects.toThrow(TypeError);
    await expect(read(source, 1)).rejects.toThrow(TypeError);
  });

  it.each([0, 2])('ends a reader when it is closed, on %i threads', async threads => {
    const source = open({ threads, batchSize: 1 });
    const reading = (async () => {
      for await (const _ of source.epoch(0)) await source.close();
    })();
    await expect(reading).rejects.toThrow('views: they are closed');
  });

  it('takes images that lie in shared memory as they are', async () => {
    const images = noisyImages(23);
    const shared = new Uint8Array(new SharedArrayBuffer(images.data.length));
    shared.set(images.data);
    const source = open({ threads: 1, images: ndarray(shared, images.shape) });
    expect(await read(source, 0)).toEqual(await read(open(), 0));
  });

  it.each([0, 2])('reads the same views from a file, on %i threads', async threads => {
    const folder = await mkdtemp(path.join(tmpdir(), 'simcne-views-'));
    try {
      const file = path.join(folder, 'images.npy');
      await writeFile(file, encodeNpy(noisyImages(23)));
      const images = npyFile(file) as NpyFile<Uint8Array>;
      const source = open({ threads, images });
      expect(await read(source, 1)).toEqual(await read(open(), 1));
      await source.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('refuses what makes no sense', () => {
    expect(() => open({ images: ndarray(new Uint8Array(24), [1, 2, 4, 3]) })).toThrow('[1,2,4,3]');
    expect(() => open({ batchSize: 0 })).toThrow('batchSize must be a whole number from 1 on, it is 0');
    expect(() => open({ threads: -1 })).toThrow('threads must be');
    expect(() => open({ slots: 0 })).toThrow('slots must be');
  });
});
