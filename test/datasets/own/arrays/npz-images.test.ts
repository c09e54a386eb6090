// Images of one's own as .npz: MedMNIST's form and the plain one, and one clear message for everything else.
import { writeFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { openNpzImages } from '../../../../datasets/own/arrays/npz-images.ts';
import type { OwnImages } from '../../../../datasets/own/own-images.ts';
import { type NdArray, ndarray, sizeOf } from '../../../../numeric/arrays/array.ts';
import { encodeNpy } from '../../../../numeric/arrays/npy.ts';
import { fileOf, npz } from '../../npz-file.ts';

const levels = (...shape: number[]) =>
  ndarray(
    Uint8Array.from({ length: sizeOf(shape) }, (_, i) => (7 * i) % 251),
    shape,
  );
const numbers = (...labels: number[]) => ndarray(Int32Array.from(labels), [labels.length, 1]);
const opened = (named: Record<string, NdArray>, names?: string[]) =>
  openNpzImages(fileOf(npz(named)), { names });

async function read(images: OwnImages) {
  const shapes: string[] = [];
  const bytes: number[] = [];
  for await (const { data, shape } of images.blocks()) {
    shapes.push(String(shape));
    bytes.push(...data);
  }
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

  const labels = numbers(0, 1);
  it.each<[string, NdArray, number[], RegExp | undefined]>([
    [
      'channels first',
      ndarray(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), [2, 3, 1, 2]),
      [1, 3, 5, 2, 4, 6, 7, 9, 11, 8, 10, 12],
      /channels first/,
    ],
    ['alpha', ndarray(Uint8Array.of(1, 2, 3, 9, 4, 5, 6, 9), [2, 1, 1, 4]), [1, 2, 3, 4, 5, 6], undefined],
    [
      'shares',
      ndarray(Float32Array.of(0, 0.5, 1, 0.25), [2, 1, 2]),
      [0, 128, 255, 64],
      /0 … 1 as levels 0 … 255/,
    ],
    [
      'levels as floats',
      ndarray(Float64Array.of(0, 17, 255, 3.4), [2, 1, 2]),
      [0, 17, 255, 3],
      /0 … 255 as levels/,
    ],
    ['levels in wide numbers', ndarray(Int32Array.of(0, 17, 200, 3), [2, 1, 2]), [0, 17, 200, 3], undefined],
    [
      '12 bits',
      ndarray(Int32Array.of(0, 4080, 16, 2040), [2, 1, 2]),
      [0, 255, 1, 128],
      /<i4: 0 … 4080 as levels/,
    ],
    [
      'Hounsfield',
      ndarray(Int32Array.of(-1000, 1000, 0, -500), [2, 1, 2]),
      [0, 255, 128, 64],
      /−1000 … 1000/,
    ],
  ])('understands %s, and says so', async (_, images, expected, words) => {
    const set = await opened({ images, labels });
    const { bytes } = await read(set);
    expect(bytes).toEqual(
      images.shape.length === 3 ? expected.flatMap(level => [level, level, level]) : expected,
    );
    const understood = set.understood!.join();
    if (words) expect(understood).toMatch(words);
    else expect(understood).toBe('');
  });

  it('takes the range that is asked for, cuts off what is beyond', async () => {
    const images = ndarray(Int32Array.of(-5, 50, 100, 500), [2, 1, 2]);
    const set = await openNpzImages(fileOf(npz({ images, labels })), { levels: { from: 0, to: 100 } });
    expect((await read(set)).bytes.filter((_, i) => i % 3 === 0)).toEqual([0, 128, 255, 255]);
  });

  it.each<[string, NdArray, number[], string[]]>([
    [
      'floats, of which some are NaN',
      ndarray(Float64Array.of(1, Number.NaN, 0), [3]),
      [1, -1, 0],
      ['0', '1'],
    ],
    ['whole numbers with −1', numbers(2, -1, 4), [0, -1, 1], ['2', '4']],
    ['one-hot rows', ndarray(Uint8Array.of(0, 1, 0, 0, 1, 0), [3, 2]), [1, -1, 0], ['0', '1']],
  ])('takes labels that are %s', async (_, given, expected, classes) => {
    const set = await opened({ images: levels(3, 2, 2), labels: given });
    expect([...set.labels]).toEqual(expected);
    expect(set.classes).toEqual(classes);
  });

  it('takes the column that is chosen of several classes an image', async () => {
    const several = ndarray(Uint8Array.of(1, 1, 0, 1, 1, 0), [3, 2]);
    const set = await openNpzImages(fileOf(npz({ images: levels(3, 2, 2), labels: several })), { column: 0 });
    expect([...set.labels]).toEqual([1, 0, 1]);
  });

  it('recognises images and labels of other names by their shapes, and says so', async () => {
    const set = await opened({
      y: numbers(0, 1, 1),
      X: levels(3, 2, 2),
      ids: ndarray(Int32Array.of(1, 2), [2]),
    });
    expect([...set.labels]).toEqual([0, 1, 1]);
    expect(set.understood!.join()).toMatch(/X and y, by their shapes, as images and labels/);
    expect((await openNpzImages(fileOf(encodeNpy(levels(3, 2, 2))))).n).toBe(3); // a .npy file of images alone
  });

  it('takes one range for all parts', async () => {
    const part = (most: number) => ndarray(Int32Array.of(0, most), [1, 1, 2]);
    const set = await opened({
      train_images: part(4000),
      train_labels: numbers(0),
      test_images: part(2000),
      test_labels: numbers(1),
    });
    expect((await read(set)).bytes.filter((_, i) => i % 3 === 0)).toEqual([0, 255, 0, 128]);
    expect(set.range).toEqual({ from: 0, to: 4000 });
    expect(set.columns).toEqual([{ name: 'part', values: ['train', 'test'] }]);
  });

  it('takes images without labels', async () => {
    const set = await opened({ images: levels(3, 2, 2) });
    expect([...set.labels]).toEqual([-1, -1, -1]);
    expect(set.classes).toEqual([]);
  });

  it('reads images larger than a block, block by block', async () => {
    const images = levels(3, 2000, 1500, 3);
    const set = await openNpzImages(fileOf(stored({ images, labels: numbers(0, 1, 1) })));
    const shapes: string[] = [];
    for await (const { data, shape } of set.blocks()) {
      const first = shapes.length * 2000 * 1500 * 3;
      expect(Buffer.compare(data, images.data.subarray(first, first + data.length))).toBe(0);
      shapes.push(String(shape));
    }
    expect(shapes).toEqual(Array(3).fill('1,2000,1500,3'));
  });
});

const good = { images: levels(4, 2, 2), labels: numbers(0, 1, 0, 1) };

describe('what is wrong with a file is said in one message', () => {
  it.each<[string, Record<string, NdArray>, RegExp]>([
    ['no images', { train_labels: good.labels }, /train_images is missing beside train_labels/],
    [
      'a part without',
      { train_images: good.images, train_labels: good.labels, val_images: good.images },
      /val_labels is missing/,
    ],
    ['other arrays', { x: good.images, y: good.images }, /holds "x", "y"; wanted are train_images/],
    [
      'two that could be labels',
      { x: good.images, y: good.labels, z: good.labels },
      /holds "x", "y", "z"; wanted/,
    ],
    [
      'both forms',
      { ...good, train_images: good.images, train_labels: good.labels },
      /wanted are train_images/,
    ],
    [
      'infinite images',
      { ...good, images: ndarray(new Float32Array(16).fill(NaN), [4, 2, 2]) },
      /images: 16 of its values are NaN/,
    ],
    [
      'half a label',
      { ...good, labels: ndarray(Float64Array.of(0, 1, 0.5, 1), [4]) },
      /label 2 is 0.5; .* whole numbers/,
    ],
    [
      'too few labels',
      { ...good, labels: numbers(0, 1) },
      /labels must have shape \[4\] or \[4, 1\].*found \[2,1\]/,
    ],
    [
      'several labels an image',
      { ...good, labels: ndarray(Uint8Array.of(1, 1, 0, 1, 0, 0, 1, 0), [4, 2]) },
      /is multi-label: row 0 .* --class-column 0 … 1/,
    ],
    ['counts for labels', { ...good, labels: levels(4, 2) }, /row 0 holds 7; labels/],
    ['flat images', { ...good, images: levels(4, 4) }, /this is |u1 \[4,4\]/],
    ['one image', { ...good, images: levels(4, 4, 3) }, /if this is one image, save it as \[1, 4, 4, 3\]/],
    ['no image', { images: levels(0, 2, 2), labels: numbers() }, /holds none: its shape is \[0,2,2\]/],
  ])('%s', async (_, named, message) => {
    await expect(opened(named)).rejects.toThrow(message);
    await expect(opened(named)).rejects.toMatchObject({ name: 'InvalidOwnImages' });
  });

  it('a truncated archive, a text file, none', async () => {
    const bytes = npz(good);
    const cut = bytes.subarray(0, bytes.length - 40);
    await expect(openNpzImages(fileOf(cut))).rejects.toThrow(/data\.npz: damaged, or no \.npz archive/);
    await expect(openNpzImages(fileOf(Buffer.from('hello')))).rejects.toThrow(/is neither \.npy nor \.npz/);
    const page = Buffer.from('<!DOCTYPE html><title>Virus scan warning');
    await expect(openNpzImages(fileOf(page))).rejects.toThrow(/a web page: the download failed/);
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
