// The reader of MedMNIST files: what it reads, and what it refuses.
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { type ImageSet, InvalidDataset } from '../../datasets/image-set.ts';
import { type MedMnistRules, readMedMnist } from '../../datasets/medmnist/medmnist.ts';
import { ndarray } from '../../numeric/arrays/array.ts';
import { encodeNpy } from '../../numeric/arrays/npy.ts';
import { arrays, fileOf, npz, rules } from './npz-file.ts';

const good = npz(arrays(rules));
const read = (bytes: Uint8Array, which: MedMnistRules = rules) => readMedMnist(fileOf(bytes), which);

describe('readMedMnist', () => {
  it('joins the splits in the order train, test, val', async () => {
    const named = arrays(rules);
    const { images, labels } = await read(good);
    expect(images.shape).toEqual([10, 28, 28, 3]);
    const joined = ['train', 'test', 'val'].flatMap(split => [...named[`${split}_images`].data]);
    expect(images.data).toEqual(Uint8Array.from(joined));
    expect(labels).toEqual(ndarray(Int32Array.of(0, 1, 2, 0, 1, 0, 1, 2, 0, 1), [10]));
  });

  it('makes three equal channels of a grey one', async () => {
    const grey: MedMnistRules = { ...rules, channels: 1 };
    const { images } = await read(npz(arrays(grey)), grey);
    const levels = arrays(grey).train_images.data;
    expect(images.shape).toEqual([10, 28, 28, 3]);
    expect([...images.data.subarray(0, 9)]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2].map(pixel => levels[pixel]));
  });

  it('makes classes of labels by the rule of the set', async () => {
    const binary: MedMnistRules = { ...rules, labelValues: 3, classOf: row => (row[0] === 2 ? 1 : 0) };
    expect([...(await read(good, binary)).labels.data]).toEqual([0, 0, 1, 0, 0, 0, 0, 1, 0, 0]);
  });

  it('reads rows of several labels', async () => {
    const columns: MedMnistRules = {
      ...rules,
      labelColumns: 3,
      labelValues: 2,
      classOf: findings => findings[0] + findings[1] + findings[2] - 1,
    };
    // rows 0 1 0, 1 0 1, 0 1 0, … in each split
    expect([...(await read(npz(arrays(columns)), columns)).labels.data]).toEqual([
      0, 1, 0, 1, 0, 0, 1, 0, 0, 1,
    ]);
  });

  it('reads labels of any whole type, with or without the second axis', async () => {
    const labels = ndarray(Int32Array.of(2, 1, 0, 1, 2), [5]);
    const set = await read(npz({ ...arrays(rules), train_labels: labels }));
    expect([...set.labels.data.subarray(0, 5)]).toEqual([2, 1, 0, 1, 2]);
  });

  it.each<[string, Record<string, ReturnType<typeof ndarray>>, string]>([
    [
      'pixels that are no levels',
      { val_images: ndarray(new Float32Array(2 * 2352), [2, 28, 28, 3]) },
      'uint8',
    ],
    ['too few images', { val_images: ndarray(new Uint8Array(2352), [1, 28, 28, 3]) }, 'found [1,28,28,3]'],
    [
      'grey where colour is due',
      { val_images: ndarray(new Uint8Array(2 * 784), [2, 28, 28]) },
      'found [2,28,28]',
    ],
    [
      'labels of other images',
      { val_labels: ndarray(new Uint8Array(3), [3, 1]) },
      'shape [2,1] or [2], found [3,1]',
    ],
    ['fractional labels', { val_labels: ndarray(new Float64Array(2), [2, 1]) }, 'whole numbers'],
    ['a label beyond the classes', { val_labels: ndarray(Uint8Array.of(0, 3), [2, 1]) }, 'in 0 … 2, found 3'],
    ['a negative label', { val_labels: ndarray(Int32Array.of(0, -1), [2, 1]) }, 'found -1'],
  ])('refuses %s', async (_, wrong, message) => {
    const reading = read(npz({ ...arrays(rules), ...wrong }));
    await expect(reading).rejects.toThrow(InvalidDataset);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toThrow(/^data\.npz: .*"simcne data fetch data"/);
  });

  it('refuses other numbers of images in the classes than are known', async () => {
    expect((await read(good, { ...rules, classCounts: [4, 4, 2] })).labels.data).toHaveLength(10);
    const reading = read(good, { ...rules, classCounts: [4, 3, 3] });
    await expect(reading).rejects.toThrow('expected [4,3,3] images of the classes, found [4,4,2]');
  });
});

describe('a damaged archive', () => {
  it('lacks an array', async () => {
    const { val_labels: _, ...rest } = arrays(rules);
    await expect(read(npz(rest))).rejects.toThrow('val_labels.npy is missing');
  });

  it.each([0, 10, 5000, good.length - 1])('ends after %d bytes', async length => {
    await expect(read(good.subarray(0, length))).rejects.toThrow(InvalidDataset);
  });

  it('is no archive at all, or not there', async () => {
    await expect(read(new TextEncoder().encode('<!doctype html>'.repeat(100)))).rejects.toThrow(
      InvalidDataset,
    );
    await expect(readMedMnist('/no/such/file.npz', rules)).rejects.toThrow(/file\.npz: .*ENOENT/);
  });

  it('holds arrays of Python objects', async () => {
    const header = "{'descr': '|O', 'fortran_order': False, 'shape': (2, 1), }".padEnd(117);
    const bytes = Uint8Array.of(
      0x93,
      0x4e,
      0x55,
      0x4d,
      0x50,
      0x59,
      1,
      0,
      118,
      0,
      ...Buffer.from(`${header}\n`),
    );
    const members = Object.entries(arrays(rules)).map(([name, array]) => [`${name}.npy`, encodeNpy(array)]);
    const archive = zipSync({ ...Object.fromEntries(members), 'val_labels.npy': bytes });
    await expect(read(archive)).rejects.toThrow('val_labels.npy: npy: dtype |O is not read');
  });

  it('has pixels that were changed', async () => {
    const stored = zipSync(
      Object.fromEntries(
        Object.entries(arrays(rules)).map(([name, array]) => [
          `${name}.npy`,
          [encodeNpy(array), { level: 0 }],
        ]),
      ),
    );
    stored[1000] ^= 1;
    await expect(read(stored)).rejects.toThrow('CRC-32');
  });

  it('is a bomb: refused by what it declares, before anything is inflated', async () => {
    const bomb = { ...arrays(rules), train_images: ndarray(new Uint8Array(50 << 20), [50 << 20]) };
    await expect(read(npz(bomb))).rejects.toThrow(
      'train_images.npy declares 52428928 bytes, more than the 77296',
    );
  });

  it('is a bomb that declares little: stopped where it passes that', async () => {
    const bytes = npz({ ...arrays(rules), train_images: ndarray(new Uint8Array(50 << 20), [50 << 20]) });
    replaceAll(bytes, (50 << 20) + 128, 5 * 2352 + 128);
    await expect(read(bytes)).rejects.toThrow(/holds more than the 11888 bytes it declares/);
  });

  it('declares more than its bytes can hold', async () => {
    const bytes = npz({ ...arrays(rules), train_images: ndarray(new Uint8Array(100), [100]) });
    replaceAll(bytes, 228, 70_000);
    await expect(read(bytes)).rejects.toThrow(/holds 228 bytes, fewer than the 70000 it declares/);
  });

  it('gives InvalidDataset or the right images, whatever bytes are flipped', async () => {
    const file = fileOf(good);
    const whole = await readMedMnist(file, rules);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(placeIn(good), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 }),
        async flips => {
          const bytes = good.slice();
          for (const [place, mask] of flips) bytes[place] ^= mask;
          writeFileSync(file, bytes);
          const result = await readMedMnist(file, rules).catch((error: unknown) => error);
          if (result instanceof InvalidDataset) return;
          const { images, labels } = result as ImageSet;
          expect(Buffer.compare(images.data, whole.images.data)).toBe(0);
          expect(labels).toEqual(whole.labels);
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Places all over the archive, half of them in its directory, where a byte weighs most. */
function placeIn(archive: Uint8Array) {
  const last = archive.length - 1;
  return fc.oneof(fc.integer({ min: 0, max: last }), fc.integer({ min: archive.length - 500, max: last }));
}

/** Replaces a 32-bit number, little-endian, wherever it stands. */
function replaceAll(bytes: Uint8Array, from: number, to: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0; i + 4 <= bytes.length; i++)
    if (view.getUint32(i, true) === from) view.setUint32(i, to, true);
}
