// Claims about images as files: formats that sharp reads, three channels always, order by name, one clear message.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readImageFiles } from '../../datasets/image-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'simcne-images-'));
});
afterEach(() => rm(folder, { recursive: true }));

const red = { r: 200, g: 10, b: 20 };
const file = (name: string) => path.join(folder, name);

it('reads PNG with alpha, grey PNG and TIFF as three channels, in the order of their names', async () => {
  const plain = { width: 3, height: 2, channels: 3 as const, background: red };
  await sharp({ create: plain }).tiff().toFile(file('b.tiff'));
  await sharp({ create: { ...plain, channels: 4, background: { ...red, alpha: 0.5 } } })
    .png()
    .toFile(file('a.png'));
  await sharp(Buffer.alloc(6, 77), { raw: { width: 3, height: 2, channels: 1 } })
    .png()
    .toFile(file('c.png'));
  await writeFile(file('notes.txt'), 'no image');
  const images = await readImageFiles(folder);
  expect(images.map(image => path.basename(image.file))).toEqual(['a.png', 'b.tiff', 'c.png']);
  for (const { image } of images) expect(image.shape).toEqual([2, 3, 3]);
  expect([...images[0].image.data.subarray(0, 3)]).toEqual([200, 10, 20]); // alpha is dropped, not blended
  expect([...images[1].image.data.subarray(0, 3)]).toEqual([200, 10, 20]);
  expect([...images[2].image.data.subarray(0, 3)]).toEqual([77, 77, 77]);
});

it('names the file that is no image, and the folder that has none', async () => {
  await expect(readImageFiles(folder)).rejects.toThrow(/no image in this folder/);
  await writeFile(file('a.png'), 'not a PNG');
  await expect(readImageFiles(folder)).rejects.toThrow(/a\.png: cannot be decoded/);
});
