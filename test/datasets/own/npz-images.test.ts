// Images of one's own as .npz: MedMNIST's form and the plain one, and one clear message for everything else.
import { writeFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { openNpzImages } from '../../../datasets/own/npz-images.ts';
import type { OwnImages } from '../../../datasets/own/own-images.ts';
import { type NdArray, ndarray, sizeOf, type TypedArray } from '../../../numeric/array.ts';
import { encodeNpy } from '../../../numeric/npy.ts';
import { fileOf, npz } from '../npz-file.ts';

const levels = (...shape: number[]) =>
  ndarray(
    Uint8Array.from({ length: sizeOf(shape) }, (_, i) => (7 * i) % 251),
    shape,
  );
const numbers = (...labels: number[]) => ndarray(Int32Array.from(labels), [labels.length, 1]);
const opened = (named: Record<string, NdArray>, names?: string[]) => openNpzImages(fileOf(npz(named)), names);

async function read(images: OwnImages) {
  const shapes: string[] = [];
  const bytes: number[] = [];
  await images.read(async ({ data, shape }) => {
    shapes.push(String(shape));
    bytes.push(...data);
  });
  return { shapes, bytes };
}

describe('openNpzImages', () => {
  it('joins train, test and val in this order, and numbers the labels that occur', async () => {
    const parts = { train: levels(2, 3, 4, 3), test: levels(1, 3, 4, 3), val: levels(2, 3, 4, 3) };
    const images = await opened({
      val_images: parts.val,
      val_labels: numbers(5, 2),
      train_images: parts.train,
      train_labels: numbers(2, 10),
      test_images: parts.test,
      test_labels: numbers(2),
    });
    expect(images.classes).toEqual(['2', '5', '10']);
    expect([...images.labels]).toEqual([0, 2, 0, 1, 0]);
    const { shapes, bytes } = await read(images);
    expect(shapes).toEqual(['2,3,4,3', '1,3,4,3', '2,3,4,3']);
    expect(bytes).toEqual([...parts.train.data, ...parts.test.data, ...parts.val.data]);
  });

  it.each([[[3, 2, 2]], [[3, 2, 2, 1]]])('takes grey %j as three equal channels', async shape => {
    const images = levels(...shape);
    const { bytes } = await read(await opened({ images, labels: numbers(0, 1, 1) }));
    expect(bytes).toEqual([...images.data].flatMap(level => [level, level, level]));
  });

  it('names labels by their number, and leaves out names without images', async () => {
    const set = { images: levels(3, 2, 2), labels: numbers(2, 0, 2) };
    const images = await opened(set, ['b', 'unused', 'a']);
    expect([images.classes, [...images.labels]]).toEqual([
      ['a', 'b'],
      [0, 1, 0],
    ]);
    await expect(opened(set, ['b', 'a'])).rejects.toThrow(
      /label 2 has no name: there are 2, for labels 0 … 1/,
    );
  });

  it('reads images larger than a block, block by block', async () => {
    const images = levels(3, 2000, 1500, 3);
    const set = await openNpzImages(fileOf(stored({ images, labels: numbers(0, 1, 1) })));
    const shapes: string[] = [];
    await set.read(async ({ data, shape }) => {
      const first = shapes.length * 2000 * 1500 * 3;
      expect(Buffer.compare(data, images.data.subarray(first, first + data.length))).toBe(0);
      shapes.push(String(shape));
    });
    expect(shapes).toEqual(Array(3).fill('1,2000,1500,3'));
  });
});

const good = { images: levels(4, 2, 2), labels: numbers(0, 1, 0, 1) };

describe('what is wrong with a file is said in one message', () => {
  it.each<[string, Record<string, NdArray>, RegExp]>([
    ['no labels', { images: good.images }, /labels is missing beside images/],
    ['no images', { train_labels: good.labels }, /train_images is missing beside train_labels/],
    ['other arrays', { x: good.images, y: good.labels }, /holds x\.npy, y\.npy; wanted are train_images/],
    [
      'both forms',
      { ...good, train_images: good.images, train_labels: good.labels },
      /wanted are train_images/,
    ],
    ['float images', { ...good, images: floats(good.images) }, /images must be uint8 .*found dtype <f4/],
    ['NaN labels', { ...good, labels: ndarray(Float64Array.of(0, 1, NaN, 1), [4]) }, /whole numbers/],
    [
      'too few labels',
      { ...good, labels: numbers(0, 1) },
      /labels must have shape \[4\] or \[4, 1\].*found \[2,1\]/,
    ],
    ['several labels an image', { ...good, labels: levels(4, 2) }, /found \[4,2\]/],
    ['channels first', { ...good, images: levels(4, 3, 2, 2) }, /channels last\), found \[4,3,2,2\]/],
    ['flat images', { ...good, images: levels(4, 4) }, /found \[4,4\]/],
    ['no image', { images: levels(0, 2, 2), labels: numbers() }, /found \[0,2,2\]/],
  ])('%s', async (_, named, message) => {
    await expect(opened(named)).rejects.toThrow(message);
    await expect(opened(named)).rejects.toMatchObject({ name: 'InvalidOwnImages' });
  });

  it('a truncated archive, a text file, none', async () => {
    const bytes = npz(good);
    for (const broken of [bytes.subarray(0, bytes.length - 40), Buffer.from('hello')]) {
      await expect(openNpzImages(fileOf(broken))).rejects.toThrow(/data\.npz: damaged, or no \.npz archive/);
    }
    await expect(openNpzImages('/nowhere.npz')).rejects.toThrow('/nowhere.npz: cannot be read (ENOENT)');
  });

  it('levels that are not those of the checksum', async () => {
    const bytes = stored({ ...good, images: levels(4, 8, 8) });
    const file = fileOf(bytes);
    bytes[400] ^= 1; // among the levels of the first member
    writeFileSync(file, bytes);
    await expect(openNpzImages(file).then(read)).rejects.toThrow(/images\.npy: CRC-32 is/);
  });

  it('a member that promises more than can be packed into the archive, before it is inflated', async () => {
    const bytes = npz(good);
    const listed = Buffer.from(bytes.buffer).indexOf('PK\u0001\u0002'); // the first member in the central directory
    new DataView(bytes.buffer).setUint32(listed + 24, 1e9, true);
    await expect(openNpzImages(fileOf(bytes))).rejects.toThrow(
      /images\.npy declares 1000000000 bytes, more than 100 times the \d+ of the whole archive/,
    );
  });
});

/** An archive whose members are not compressed. */
function stored(named: Record<string, NdArray>): Uint8Array {
  const members = Object.entries(named).map(([name, array]) => [`${name}.npy`, encodeNpy(array)]);
  return zipSync(Object.fromEntries(members), { level: 0 });
}

function floats({ data, shape }: NdArray): NdArray<TypedArray> {
  return ndarray(Float32Array.from(data), shape);
}
