// Images of one's own, from files of several formats to what is kept and read again; and the rules for every set.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { classColours, distinctColourCount, distinctColours } from '../../../datasets/class-colours.ts';
import { fitted } from '../../../datasets/own/fit.ts';
import { openFolderImages } from '../../../datasets/own/folders/folder-images.ts';
import { grouped, groupNumbers, labelled, whyUnscored } from '../../../datasets/own/own-images.ts';
import { openFit, openStoredImages, storedKnown, storeImages } from '../../../datasets/own/stored-images.ts';
import { resizeBicubic } from '../../../datasets/resize.ts';
import { type NdArray, ndarray } from '../../../numeric/arrays/array.ts';
import { Random } from '../../../numeric/random.ts';
import { temporaryFolder } from '../temporary-folder.ts';

function noise(height: number, width: number, seed = 1): NdArray<Uint8Array> {
  const random = new Random(seed);
  const data = Uint8Array.from({ length: height * width * 3 }, () => random.integer(256));
  return ndarray(data, [height, width, 3]);
}

const asSharp = ({ data, shape: [height, width] }: NdArray<Uint8Array>) =>
  sharp(data, { raw: { width, height, channels: 3 } });

describe('storeImages', () => {
  it('keeps PNG, TIFF and JPEG of various sizes, their middle squares pixel by pixel', async () => {
    const folder = temporaryFolder();
    const [wide, tall, large] = [noise(4, 6), noise(5, 3), noise(4, 4)];
    const file = (name: string) => path.join(folder, name);
    await asSharp(wide).png().toFile(file('wide.png'));
    await asSharp(tall).tiff({ compression: 'lzw' }).toFile(file('tall.tif'));
    await asSharp(large).jpeg({ quality: 100 }).toFile(file('square.jpg'));
    const kept = path.join(folder, 'kept');
    mkdirSync(kept);
    const table = path.join(folder, 'labels.csv');
    writeFileSync(table, 'file,class,patient\nwide,b,P1\ntall,a,P2\nsquare,b,P1\n');
    const images = await openFolderImages(folder, { table });
    expect(await storeImages(images, kept, 'crop')).toEqual({
      n: 3,
      classes: [
        { name: 'a', count: 1 },
        { name: 'b', count: 2 },
      ],
      unlabelled: 0,
      columns: ['patient'],
      group: undefined,
      copies: 0,
      testedCopies: 0,
      heights: [3, 4],
      widths: [3, 4],
    });
    const whole = await openStoredImages(kept);
    expect([...whole.labels.data]).toEqual([1, 0, 1]);
    expect(await storedKnown(kept)).toEqual({
      files: ['square.jpg', 'tall.tif', 'wide.png'],
      columns: [{ name: 'patient', values: ['P1', 'P2', 'P1'] }],
    });
    expect(whole.classes.map(({ name }) => name)).toEqual(['a', 'b']);
    const blocks = await collected(whole.images(Int32Array.of(0, 1, 2)));
    expect(blocks.map(({ shape }) => String(shape))).toEqual(['1,4,4,3', '1,3,3,3', '1,4,4,3']);
    expect([...blocks[2].data]).toEqual([...part(wide, [0, 4], [1, 5])]);
    expect([...blocks[1].data]).toEqual([...part(tall, [1, 4], [0, 3])]);
  });

  it('reads the images that are asked for, those of one size together', async () => {
    const folder = temporaryFolder();
    const images = [noise(2, 2, 1), noise(2, 2, 2), noise(3, 3, 3), noise(3, 3, 4), noise(3, 3, 5)];
    await storeImages(inMemory(images), folder, 'crop');
    const { images: read } = await openStoredImages(folder);
    const blocks = await collected(read(Int32Array.of(1, 2, 3)));
    expect(blocks.map(({ shape }) => shape[0])).toEqual([1, 2]);
    expect([...blocks[1].data]).toEqual([...images[2].data, ...images[3].data]);
    const apart = await collected(read(Int32Array.of(2, 4)));
    expect(apart.map(({ data }) => [...data])).toEqual([[...images[2].data], [...images[4].data]]);
  });

  it('makes new images fit as it made its own', async () => {
    const folder = temporaryFolder();
    await storeImages(inMemory([noise(2, 2), noise(2, 2)]), folder, 'stretch');
    const fitting = await openFit(folder);
    expect(fitting(noise(3, 5)).shape).toEqual([3, 5, 3]);
    expect(fitting(noise(1024, 256)).shape).toEqual([512, 128, 3]);
  });
});

describe('fitted', () => {
  it('cuts the middle square out, and reduces what is too large as Pillow does', () => {
    const image = noise(700, 600);
    const square = ndarray(part(image, [50, 650], [0, 600]), [600, 600, 3]);
    expect(fitted(image, 'crop')).toEqual(resizeBicubic(square, 512));
    expect(fitted(noise(28, 28), 'crop')).toEqual(noise(28, 28));
  });
});

describe('whyUnscored', () => {
  const set = (...counts: number[]) =>
    labelled(
      counts.flatMap((count, i) => Array<string | undefined>(count).fill(i === 9 ? undefined : `class ${i}`)),
    );
  it.each<[number[], RegExp]>([
    [[], /^no classes$/],
    [[30], /one class only \("class 0"\), and the scores tell classes apart/],
    [[30, 1, 4], /of class "class 1" there is one image only; every class needs two/],
    [
      [8, 8],
      /16 images with a class; the score asks the 15 nearest neighbours of each tested image: 17 are needed/,
    ],
    [[7, 7, 6], /20 images of 3 classes; .* a tenth of the images \(2\).*: 21 are needed/],
    [[8, 8, 0, 0, 0, 0, 0, 0, 0, 90], /16 images with a class/], // the others have none
  ])('says why classes of %j images have no scores', (counts, message) => {
    expect(whyUnscored(set(...counts))).toMatch(message);
  });
  it.each([[[9, 8]], [[7, 7, 7]]])('finds nothing wrong with classes of %j images', counts => {
    expect(whyUnscored(set(...counts))).toBeUndefined();
  });
});

describe('grouped', () => {
  const set = inMemory([noise(2, 2, 1), noise(2, 2, 2), noise(2, 2, 1)]);
  const files = ['p01_1.png', 'p02_1.png', 'p01_2.png'];
  it('by a pattern in names, or by a column; blanks are groups of their own', async () => {
    const byName = grouped('mine', { ...set, files }, { pattern: /(p\d+)_/u });
    expect([byName.group, byName.columns]).toEqual([
      'group',
      [{ name: 'group', values: ['p01', 'p02', 'p01'] }],
    ]);
    const folder = temporaryFolder();
    expect(await storeImages(byName, folder, 'crop')).toMatchObject({ group: 'group', copies: 2 });
    expect([...(await openStoredImages(folder)).groups!]).toEqual([0, 1, 0]);
    expect([...groupNumbers(['a', '', 'a', ''])]).toEqual([0, 1, 0, 2]);
  });

  it('says what is wrong with a pattern or column', () => {
    const by = (how: Parameters<typeof grouped>[2]) => () => grouped('mine', { ...set, files }, how);
    expect(by({ pattern: /q/u })).toThrow(
      /mine: 3 names do not have the group's pattern \/q\/u: "p01_1\.png"/,
    );
    expect(by({ pattern: /p/u })).toThrow(/all images are of one group \("p"\)/);
    expect(by({ column: 'patient' })).toThrow(/no column "patient" to group by; there are none/);
  });
});

describe('labelled', () => {
  it('sorts names, and numbers as numbers', () => {
    expect(labelled(['b', '10', 'a', 'b'])).toEqual({
      n: 4,
      classes: ['10', 'a', 'b'],
      labels: Int32Array.of(2, 0, 1, 2),
    });
    expect(labelled(['10', '9', '10']).classes).toEqual(['9', '10']);
  });
});

describe('distinctColours', () => {
  it('come round again after 15', () => {
    expect(new Set(distinctColours(15)).size).toBe(distinctColourCount);
    expect(distinctColours(17).slice(15)).toEqual(distinctColours(2));
  });

  // Machado et al., 2009: matrices of full severity, in linear RGB
  it.each([
    [
      'protanopia',
      [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
    ],
    [
      'deuteranopia',
      [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
    ],
  ])('are farther apart under %s than the palette of the paper', (_, matrix) => {
    for (const count of [8, 15]) {
      expect(leastDistance(distinctColours(count), matrix)).toBeGreaterThan(8);
      expect(leastDistance(distinctColours(count), matrix)).toBeGreaterThan(
        leastDistance(classColours(count), matrix),
      );
    }
  });
});

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The rows and columns of an image. */
function part(
  { data, shape: [, width] }: NdArray<Uint8Array>,
  rows: number[],
  columns: number[],
): Uint8Array {
  const lines = Array.from({ length: rows[1] - rows[0] }, (_, i) => {
    const row = (rows[0] + i) * width;
    return data.subarray(3 * (row + columns[0]), 3 * (row + columns[1]));
  });
  return new Uint8Array(Buffer.concat(lines));
}

function inMemory(images: NdArray<Uint8Array>[]) {
  return {
    ...labelled(images.map((_, i) => String(i % 2))),
    files: images.map((_, i) => String(i)),
    columns: [],
    leftOut: [],
    async *blocks() {
      for (const { data, shape } of images) yield ndarray(data, [1, ...shape]);
    },
  };
}

/** The smallest difference (CIE 1976) between two of the colours, seen through the matrix. */
function leastDistance(colours: string[], matrix: number[]): number {
  const seen = colours.map(colour => lab(through(linear(colour), matrix)));
  const distances = seen.flatMap((one, i) =>
    seen.slice(0, i).map(other => Math.hypot(...one.map((x, k) => x - other[k]))),
  );
  return Math.min(...distances);
}

function linear(colour: string): number[] {
  return [1, 3, 5].map(place => {
    const unit = Number.parseInt(colour.slice(place, place + 2), 16) / 255;
    return unit <= 0.04045 ? unit / 12.92 : ((unit + 0.055) / 1.055) ** 2.4;
  });
}

function through(rgb: number[], matrix: number[]): number[] {
  return [0, 3, 6].map(row =>
    Math.min(
      1,
      Math.max(
        0,
        rgb.reduce((sum, x, k) => sum + matrix[row + k] * x, 0),
      ),
    ),
  );
}

/** CIELAB (D65) of linear sRGB. */
function lab([r, g, b]: number[]): number[] {
  const [x, y, z] = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
  ].map(t => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
