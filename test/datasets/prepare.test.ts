// Subsets, sizes, border colours and thumbnails, on drawn images that come in blocks.
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { BorderMean, borderColour } from '../../datasets/border-colour.ts';
import { type OpenDataset, openInMemory } from '../../datasets/image-set.ts';
import { type PreparedImages, prepareImages } from '../../datasets/prepare.ts';
import { drawShapes } from '../../datasets/synthetic-shapes.ts';
import { type ThumbnailLayout, ThumbnailPainter, thumbnailLayout } from '../../datasets/thumbnails.ts';
import { type NdArray, ndarray, sizeOf, takeRows } from '../../numeric/arrays/array.ts';

const set = drawShapes({ count: 90, seed: 3 });

/** The set as one that does not fit into memory: seven images at a time. */
const open: OpenDataset = {
  ...set,
  async *images(indices) {
    for (let i = 0; i < indices.length; i += 7) yield takeRows(set.images, indices.subarray(i, i + 7));
  },
};

async function imagesOf({ shape, blocks }: PreparedImages): Promise<NdArray<Uint8Array>> {
  const data = new Uint8Array(sizeOf(shape));
  let length = 0;
  for await (const block of blocks()) {
    data.set(block.data, length);
    length += block.data.length;
  }
  expect(length).toBe(data.length);
  return ndarray(data, shape);
}

describe('prepareImages', () => {
  it('leaves a whole set of the right size as it is', async () => {
    for (const count of ['all', 90, 1000] as const) {
      const prepared = prepareImages(open, { imageSize: 28, count, seed: 0 });
      expect(await imagesOf(prepared)).toEqual(set.images);
      expect(prepared.labels).toEqual(set.labels);
      expect(prepared.counts).toEqual([30, 30, 30]);
    }
  });

  it('takes a subset in which the classes keep their shares', async () => {
    const prepared = prepareImages(open, { imageSize: 28, count: 30, seed: 0 });
    expect(prepared.counts).toEqual([10, 10, 10]);
    expect(await imagesOf(prepared)).toEqual(takeRows(set.images, prepared.sourceIndices));
    expect(prepared.labels).toEqual(takeRows(set.labels, prepared.sourceIndices));
  });

  it('takes the same subset for the same seed, another for another', () => {
    const indices = (seed: number) => prepareImages(open, { imageSize: 28, count: 30, seed }).sourceIndices;
    expect(indices(1)).toEqual(indices(1));
    expect(indices(1)).not.toEqual(indices(2));
  });

  it('brings images to one size, whatever blocks they come in', async () => {
    const settings = { imageSize: 14, count: 30, seed: 0 };
    const images = await imagesOf(prepareImages(open, settings));
    expect(images.shape).toEqual([30, 14, 14, 3]);
    expect(images).toEqual(await imagesOf(prepareImages(openInMemory(set), settings)));
  });

  it('ends with the reason of its signal', async () => {
    const reason = new Error('cancelled');
    const prepared = prepareImages(open, { imageSize: 14, count: 30, seed: 0 });
    await expect(prepared.blocks(AbortSignal.abort(reason)).next()).rejects.toBe(reason);
  });
});

describe('BorderMean', () => {
  it('is the same in blocks as at once', () => {
    const mean = new BorderMean();
    for (let i = 0; i < 90; i += 15)
      mean.add(
        takeRows(
          set.images,
          Array.from({ length: 15 }, (_, j) => i + j),
        ),
      );
    expect(mean.colour()).toEqual(borderColour(set.images));
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

describe('thumbnails', () => {
  async function paint(images: NdArray<Uint8Array>, layout: ThumbnailLayout): Promise<Uint8Array[]> {
    const pictures: Uint8Array[] = [];
    const painter = new ThumbnailPainter(images.shape[0], layout, async (picture, png) => {
      expect(picture).toBe(pictures.length);
      pictures.push(png);
    });
    for (let i = 0; i < images.shape[0]; i += 7) {
      const rows = Array.from({ length: Math.min(7, images.shape[0] - i) }, (_, j) => i + j);
      await painter.add(takeRows(images, rows));
    }
    return pictures;
  }

  async function tileAt(png: Uint8Array, place: number, { columns, tile }: ThumbnailLayout) {
    const [left, top] = [(place % columns) * tile, Math.floor(place / columns) * tile];
    const pixels = sharp(png).extract({ left, top, width: tile, height: tile });
    return new Uint8Array(await pixels.raw().toBuffer());
  }

  it.each([1, 5, 90])('are one picture of %d images, each in its tile', async n => {
    const images = takeRows(
      set.images,
      Array.from({ length: n }, (_, i) => i),
    );
    const layout = thumbnailLayout(n, 28);
    expect(layout).toEqual({ columns: Math.ceil(Math.sqrt(n)), tile: 28 });
    const pictures = await paint(images, layout);
    expect(pictures.length).toBe(1);
    for (const i of [0, n - 1]) {
      expect(await tileAt(pictures[0], i, layout)).toEqual(takeRows(images, [i]).data);
    }
  });

  it('are several pictures of smaller tiles, each pixel the mean of a square of the image’s', async () => {
    const layout = { columns: 5, tile: 14, perPicture: 25 };
    const pictures = await paint(set.images, layout);
    const heights = await Promise.all(pictures.map(async png => (await sharp(png).metadata()).height / 14));
    expect(heights).toEqual([5, 5, 5, 3]); // 90 images
    for (const i of [0, 24, 25, 89]) {
      const { data } = takeRows(set.images, [i]);
      const level = (row: number, column: number) => data[(row * 28 + column) * 3];
      const mean = (level(4, 6) + level(4, 7) + level(5, 6) + level(5, 7)) / 4;
      const tile = await tileAt(pictures[Math.floor(i / 25)], i % 25, layout);
      expect(tile[(2 * 14 + 3) * 3]).toBe(Math.round(mean));
    }
  });

  it('of large sets fit on graphics cards', () => {
    expect(thumbnailLayout(107_180, 28)).toEqual({ columns: 328, tile: 28 }); // PathMNIST
    expect(thumbnailLayout(327_680, 96)).toEqual({ columns: 170, tile: 24, perPicture: 28_900 }); // PCam
  });
});
