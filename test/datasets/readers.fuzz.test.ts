// Every reader of files from outside, given damaged ones: it reads them, or refuses them by its own error. No other error, no hang.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withNpz } from '../../datasets/formats/npz.ts';
import { openNpzImages } from '../../datasets/own/arrays/npz-images.ts';
import { readPicture } from '../../datasets/own/formats/read-picture.ts';
import { Tally } from '../../datasets/own/left-out.ts';
import { readTable } from '../../datasets/own/tables/read-table.ts';
import { joinTable } from '../../datasets/own/tables/table-rows.ts';
import { readWeights } from '../../learning/pretrained-features.ts';
import { encodeSafetensors } from '../../learning/weights/safetensors.ts';
import { ndarray } from '../../numeric/arrays/array.ts';
import { decodeNpy, encodeNpy } from '../../numeric/arrays/npy.ts';
import { bmp, dicom, rleFrame, syntaxes, tiff } from './own/formats/made-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'simcne-fuzz-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Some damage to bytes, as a function of them. */
const damage = fc.oneof(
  fc
    .array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map(changes => (bytes: Buffer) => {
      for (const [place, value] of changes) bytes[place % bytes.length] = value;
      return bytes;
    }),
  fc.nat().map(length => (bytes: Buffer) => bytes.subarray(0, length % bytes.length)),
  fc
    .tuple(fc.nat(), fc.constantFrom(0, 1, 0x7fffffff, 0xffffffff))
    .map(([place, value]) => (bytes: Buffer) => {
      bytes.writeUInt32LE(value, place % (bytes.length - 4));
      return bytes;
    }),
  fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 30 })).map(([place, extra]) => (bytes: Buffer) => {
    const at = place % bytes.length;
    return Buffer.concat([bytes.subarray(0, at), extra, bytes.subarray(at)]);
  }),
  fc.uint8Array({ maxLength: 300 }).map(random => () => Buffer.from(random)),
);

const pixels = ndarray(
  Uint8Array.from({ length: 12 * 8 * 8 * 3 }, (_, i) => (i * 7) % 256),
  [12, 8, 8, 3],
);
const labels = ndarray(
  Uint8Array.from({ length: 12 }, (_, i) => i % 2),
  [12, 1],
);
const npy = Buffer.from(encodeNpy(pixels));
const npz = Buffer.from(
  zipSync({ 'train_images.npy': npy, 'train_labels.npy': encodeNpy(labels) }, { level: 1 }),
);
const weights = Buffer.from(
  encodeSafetensors(new Map([['w', ndarray(Float32Array.of(1, 2, 3, 4), [2, 2])]]), { format: 'pt' }),
);
const table = Buffer.from('image,label\na.png,dog\n"b ""2"".png",cat\nc.png,dog\n');

/** How a reader may end: without an error, or with one of these names. */
async function mayEnd(names: string[], read: () => unknown): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!names.includes((error as Error).name)) throw error;
    expect((error as Error).message).not.toBe('');
  }
}

describe('damaged files', () => {
  const inFile = (name: string, read: (file: string) => Promise<unknown>) => async (bytes: Buffer) => {
    const file = path.join(folder, name);
    await writeFile(file, bytes);
    await read(file);
  };
  const limit = 1 << 20;

  it.each([
    ['.npy', npy, 700, ['InvalidNpy'], async (bytes: Buffer) => decodeNpy(bytes)],
    [
      'safetensors and PyTorch weights',
      weights,
      700,
      ['InvalidSafetensors', 'InvalidPytorchFile'],
      async (bytes: Buffer) => readWeights(bytes),
    ],
    [
      '.npz',
      npz,
      150,
      ['InvalidDataset'],
      inFile('a.npz', async file =>
        // An archive has checksums: what is read from it all the same is what was packed.
        expect(await withNpz(file, read => read('train_images', limit))).toEqual(pixels),
      ),
    ],
    ['.npz of one’s own', npz, 250, ['InvalidOwnImages', 'InvalidNpy'], inFile('b.npz', readOwn)],
    ['tables of labels', table, 250, ['InvalidOwnImages'], inFile('c.csv', readLabels)],
  ])('%s', async (_what, whole, numRuns, names, read: (bytes: Buffer) => Promise<unknown>) => {
    await expect(read(Buffer.from(whole))).resolves.not.toThrow();
    await fc.assert(
      fc.asyncProperty(damage, harm => mayEnd(names, () => read(harm(Buffer.from(whole))))),
      { numRuns },
    );
  });

  const grey = [
    [0, 1000, 4095],
    [7, 70, 700],
  ];
  it.each<[string, () => Promise<Buffer> | Buffer, number]>([
    ...(['png', 'jpeg', 'webp'] as const).map((format): [string, () => Promise<Buffer>, number] => [
      format,
      () =>
        sharp(pixels.data.subarray(0, 192), { raw: { width: 8, height: 8, channels: 3 } })
          .toFormat(format)
          .toBuffer(),
      80,
    ]),
    [
      'a bitmap',
      () =>
        bmp([
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
        ]),
      200,
    ],
    ['TIFF of 16 bits', () => tiff([grey], { bits: 16 }), 200],
    ['TIFF of 12 bits', () => tiff([grey], { bits: 12 }), 200],
    ['TIFF of floats', () => tiff([grey], { bits: 32, floats: true, orientation: 6 }), 200],
    ['DICOM', () => dicom(grey, { bits: 12, window: [100, 50] }), 400],
    ['DICOM, deflated', () => dicom(grey, { bits: 12, syntax: syntaxes.deflated }), 100],
    [
      'DICOM, run-length encoded',
      () => dicom(grey, { bits: 12, syntax: syntaxes.rle, encapsulated: rleFrame(grey.flat()) }),
      200,
    ],
  ])('%s', async (_what, make, numRuns) => {
    const whole = await make();
    await expect(readPicture(whole)).resolves.not.toThrow();
    await fc.assert(
      fc.asyncProperty(damage, harm => mayEnd(['NotTaken'], () => readAndCheck(harm(Buffer.from(whole))))),
      { numRuns },
    );
  });
});

/** What comes out is a whole picture. */
async function readAndCheck(bytes: Buffer): Promise<void> {
  const { width, height, channels, samples } = await readPicture(bytes, { mostPixels: 1 << 22 });
  expect(samples.length).toBe(width * height * channels);
}

async function readLabels(file: string): Promise<void> {
  joinTable(await readTable(file), ['a.png', 'b "2".png', 'c.png'], {}, new Tally());
}

async function readOwn(file: string): Promise<void> {
  const { labels: found } = await openNpzImages(file);
  expect(found.length).toBeGreaterThan(0);
}
