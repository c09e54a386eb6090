// The reader of PCam: what it reads of HDF5 files in gzip, and what it refuses.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { InvalidDataset, type OpenDataset } from '../../datasets/image-set.ts';
import { openPcam, type PcamRules } from '../../datasets/pcam/pcam.ts';
import { ndarray, takeRows } from '../../numeric/arrays/array.ts';
import { hdf5, hdf5Gz } from './hdf5-file.ts';
import { pcamArrays, pcamFiles, pcamRules } from './pcam-files.ts';
import { temporaryFolder } from './temporary-folder.ts';

const arrays = pcamArrays();
const joined = Uint8Array.from([arrays.train, arrays.test, arrays.valid].flatMap(({ x }) => [...x.data]));
const all = Int32Array.from({ length: 44 }, (_, i) => i);

async function levelsOf(open: OpenDataset, indices = all): Promise<Uint8Array> {
  const blocks: Uint8Array[] = [];
  for await (const { data } of open.images(indices)) blocks.push(data);
  return new Uint8Array(Buffer.concat(blocks));
}

/** Opens files of which some are other than they should be, and reads all images. */
async function readWith(other: Record<string, Uint8Array>, rules: PcamRules = pcamRules) {
  const folder = temporaryFolder();
  const scratch = path.join(folder, 'scratch');
  try {
    return await levelsOf(await openPcam(await pcamFiles(folder, arrays, { other }), scratch, rules));
  } finally {
    expect(existsSync(scratch) ? readdirSync(scratch) : []).toEqual([]); // nothing unpacked stays
  }
}

describe('openPcam', () => {
  it.each([
    ['contiguous', {}],
    ['chunked', { chunks: [7, 96, 96, 3] }],
    ['chunked and deflated', { chunks: [7, 96, 96, 3], deflate: 4 }],
    ['in chunks of parts of many images, as h5py makes them', { chunks: [20, 24, 12, 1], deflate: 1 }],
  ])('joins the splits in the order train, test, valid: %s', async (_, storage) => {
    const folder = temporaryFolder();
    const scratch = path.join(folder, 'scratch');
    const open = await openPcam(await pcamFiles(folder, arrays, { storage }), scratch, pcamRules);
    expect([...open.labels.data]).toEqual([...all].map(i => i % 2));
    expect(Buffer.compare(await levelsOf(open), joined)).toBe(0);
    const some = Int32Array.of(0, 3, 4, 5, 13, 14, 29, 35, 36, 43); // over edges of chunks and of splits
    const expected = takeRows(ndarray(joined, [44, 96, 96, 3]), some).data;
    expect(Buffer.compare(await levelsOf(open, some), expected)).toBe(0);
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('ends with the reason of its signal', async () => {
    const folder = temporaryFolder();
    const open = await openPcam(await pcamFiles(folder), path.join(folder, 'scratch'), pcamRules);
    const reason = new Error('cancelled');
    const reading = (async () => {
      for await (const _ of open.images(all, AbortSignal.abort(reason)));
    })();
    await expect(reading).rejects.toBe(reason);
  });

  it.each<[string, () => Promise<Record<string, Uint8Array>>, RegExp]>([
    [
      'images of another size',
      async () => ({ train_x: await hdf5Gz('x', ndarray(new Uint8Array(30 * 48), [30, 4, 4, 3])) }),
      /train_x.*x must have shape \[30,96,96,3\], found \[30,4,4,3\]/,
    ],
    [
      'too few images',
      async () => ({ test_x: await hdf5Gz('x', takeRows(arrays.test.x, [0, 1])) }),
      /test_x.*found \[2,96,96,3\]/,
    ],
    [
      'pixels that are no levels',
      async () => ({
        valid_x: await hdf5Gz('x', ndarray(new Float32Array(8 * 96 * 96 * 3), [8, 96, 96, 3]), {
          chunks: [8, 96, 96, 3],
          deflate: 1,
        }),
      }),
      /valid_x.*"x" must be uint8, found "<f"/,
    ],
    [
      'labels of other images',
      async () => ({ test_y: await hdf5Gz('y', arrays.valid.y) }),
      /test_y.*y must have shape \[6,1,1,1\], found \[8,1,1,1\]/,
    ],
    [
      'a label beyond the classes',
      async () => ({ test_y: await hdf5Gz('y', ndarray(new Uint8Array(6).fill(2), [6, 1, 1, 1])) }),
      /test_y.*y must be in 0 … 1, found 2/,
    ],
    [
      'labels of almost one class only',
      async () => ({ train_y: await hdf5Gz('y', ndarray(new Uint8Array(30), [30, 1, 1, 1])) }),
      /expected 50 % of all images in class yes, to within 1 %, found \[37,7\]/,
    ],
    [
      'missing labels',
      async () => ({ train_y: await hdf5Gz('x', arrays.train.y) }),
      /holds no array "y", but x/,
    ],
    ['no gzip', async () => ({ train_x: await hdf5({ x: arrays.train.x }) }), /incorrect header check/],
    ['no HDF5 file', async () => ({ train_x: gzipSync('<!doctype html>') }), /file signature not found/],
    [
      'a truncated gzip file',
      async () => ({ valid_x: (await hdf5Gz('x', arrays.valid.x)).subarray(0, -5000) }),
      /valid_x.*unexpected end of file/,
    ],
    [
      'a truncated HDF5 file',
      async () => ({ valid_x: gzipSync((await hdf5({ x: arrays.valid.x })).subarray(0, -5000)) }),
      /valid_x.*truncated file/,
    ],
    [
      'a bomb',
      async () => ({ test_y: gzipSync(new Uint8Array(50 << 20)) }),
      /unpacks to more than the 4194311 bytes/,
    ],
  ])('refuses %s', async (_, other, message) => {
    const reading = readWith(await other());
    await expect(reading).rejects.toThrow(InvalidDataset);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toThrow('"simcne data fetch pcam16"');
  });

  it('refuses chunks that were damaged', async () => {
    const bytes = await hdf5({ x: arrays.train.x }, { chunks: [5, 96, 96, 3], deflate: 1 });
    for (let i = 40_000; i < 60_000; i += 50) bytes[i] ^= 0xff;
    await expect(readWith({ train_x: gzipSync(bytes) })).rejects.toThrow(InvalidDataset);
  });
});
