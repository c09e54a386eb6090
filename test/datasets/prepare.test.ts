// Subsets, sizes and thumbnails, on drawn images.
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { borderColour } from '../../datasets/border-colour.ts';
import { prepareImages } from '../../datasets/prepare.ts';
import { drawShapes } from '../../datasets/synthetic-shapes.ts';
import { thumbnailAtlas } from '../../datasets/thumbnails.ts';
import { ndarray, takeRows } from '../../numeric/array.ts';

const set = drawShapes({ count: 90, seed: 3 });

describe('prepareImages', () => {
  it('leaves a whole set of the right size as it is', async () => {
    for (const count of ['all', 90, 1000] as const) {
      const prepared = await prepareImages(set, { imageSize: 28, count, seed: 0 });
      expect(prepared.images).toEqual(set.images);
      expect(prepared.labels).toEqual(set.labels);
      expect(prepared.counts).toEqual([30, 30, 30]);
      expect(prepared.borderColour).toEqual(borderColour(set.images));
    }
  });

  it('takes a subset in which the classes keep their shares', async () => {
    const prepared = await prepareImages(set, { imageSize: 28, count: 30, seed: 0 });
    expect(prepared.counts).toEqual([10, 10, 10]);
    expect(prepared.images).toEqual(takeRows(set.images, prepared.sourceIndices));
    expect(prepared.labels).toEqual(takeRows(set.labels, prepared.sourceIndices));
  });

  it('takes the same subset for the same seed, another for another', async () => {
    const indices = async (seed: number) =>
      (await prepareImages(set, { imageSize: 28, count: 30, seed })).sourceIndices;
    expect(await indices(1)).toEqual(await indices(1));
    expect(await indices(1)).not.toEqual(await indices(2));
  });

  it('brings images to one size', async () => {
    const { images } = await prepareImages(set, { imageSize: 14, count: 30, seed: 0 });
    expect(images.shape).toEqual([30, 14, 14, 3]);
  });

  it('ends with the reason of its signal', async () => {
    const reason = new Error('cancelled');
    const preparing = prepareImages(set, { imageSize: 14, count: 30, seed: 0 }, AbortSignal.abort(reason));
    await expect(preparing).rejects.toBe(reason);
  });
});

describe('drawShapes', () => {
  it('is determined by its seed, and a larger set begins with the smaller', () => {
    expect(drawShapes({ count: 90, seed: 3 }).images).toEqual(set.images);
    expect(drawShapes({ count: 6, seed: 3 }).images.data).toEqual(
      set.images.data.subarray(0, 6 * 28 * 28 * 3),
    );
    expect(drawShapes({ count: 6, seed: 4 }).images.data).not.toEqual(
      set.images.data.subarray(0, 6 * 28 * 28 * 3),
    );
  });
});

describe('thumbnailAtlas', () => {
  it.each([1, 5, 90])('holds %d images, each in its tile', async n => {
    const images = takeRows(
      set.images,
      Array.from({ length: n }, (_, i) => i),
    );
    const { png, columns, tile } = await thumbnailAtlas(images);
    for (const i of [0, n - 1]) {
      const place = {
        left: (i % columns) * tile,
        top: Math.floor(i / columns) * tile,
        width: tile,
        height: tile,
      };
      const pixels = await sharp(png).extract(place).raw().toBuffer();
      expect(new Uint8Array(pixels)).toEqual(takeRows(images, [i]).data);
    }
  });

  it('refuses a picture that could not be shown', async () => {
    const many = ndarray(new Uint8Array(300 * 300 * 64 * 64 * 3), [300 * 300, 64, 64, 3]);
    await expect(thumbnailAtlas(many)).rejects.toThrow('need a side of 19200 pixels, at most 16384');
  });
});
