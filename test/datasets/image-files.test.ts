// Claims about images as files: formats that sharp reads, three channels always, order by name, one clear message.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listImageFiles, readImageFile } from '../../datasets/image-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'simcne-images-'));
});
afterEach(() => rm(folder, { recursive: true }));

const red = { r: 200, g: 10, b: 20 };
const file = (name: string) => path.join(folder, name);
const readImageFiles = async (place: string) => Promise.all((await listImageFiles(place)).map(readImageFile));

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

it('takes the upper 8 of 16 bits', async () => {
  const raw = { width: 2, height: 2, channels: 1 } as const;
  const deep = Uint16Array.of(0, 100 * 256 + 77, 65535, 7 * 256);
  const grey = () => sharp(deep, { raw }).toColourspace('grey16');
  await grey().png().toFile(file('a.png'));
  await grey().tiff({ compression: 'lzw' }).toFile(file('b.tif'));
  for (const { image } of await readImageFiles(folder)) {
    expect([...image.data]).toEqual([0, 100, 255, 7].flatMap(level => [level, level, level]));
  }
});

it('refuses a picture that would unpack to more than it can need, from its header alone', async () => {
  const small = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#000' } })
    .png()
    .toBuffer();
  const ihdr = small.subarray(12, 29); // the chunk's name, width, height and form
  ihdr.writeUInt32BE(60_000, 4);
  ihdr.writeUInt32BE(60_000, 8);
  small.writeUInt32BE(crc32(ihdr), 29);
  const bomb = file('bomb.png');
  await writeFile(bomb, small);
  await expect(readImageFile(bomb)).rejects.toThrow(/bomb\.png: cannot be decoded \(.*pixel limit/);
});

it('refuses a stack of pictures, floating point, and half a file', async () => {
  const page = { create: { width: 2, height: 2, channels: 3 as const, background: red } };
  const pages = await Promise.all(
    [0, 100, 200].map(r =>
      sharp({ create: { ...page.create, background: { ...red, r } } })
        .png()
        .toBuffer(),
    ),
  );
  await sharp(pages, { join: { animated: true } })
    .gif({ delay: [1, 1, 1] })
    .toFile(file('stack.gif'));
  await expect(readImageFile(file('stack.gif'))).rejects.toThrow(/stack\.gif: .*holds \d pictures/);
  await writeFile(file('float.tif'), floatTiff());
  await expect(readImageFile(file('float.tif'))).rejects.toThrow(/float\.tif: .*pixels are of type float/);
  const whole = await sharp({ create: { ...page.create, width: 200, height: 200 } })
    .jpeg()
    .toBuffer();
  await writeFile(file('half.jpg'), whole.subarray(0, whole.length / 2));
  await expect(readImageFile(file('half.jpg'))).rejects.toThrow(/half\.jpg: cannot be decoded/);
});

/** A TIFF of one grey pixel, 32 bits of floating point: header, one directory, the pixel. */
function floatTiff(): Uint8Array {
  const entries: [tag: number, type: 3 | 4, value: number][] = [
    [256, 3, 1], // width
    [257, 3, 1], // height
    [258, 3, 32], // bits of a sample
    [259, 3, 1], // not compressed
    [262, 3, 1], // black is zero
    [273, 4, 8 + 2 + 12 * 10 + 4], // where the pixel lies
    [277, 3, 1], // samples of a pixel
    [278, 3, 1], // rows of a strip
    [279, 4, 4], // bytes of the strip
    [339, 3, 3], // samples are floating point
  ];
  const bytes = new DataView(new ArrayBuffer(8 + 2 + 12 * 10 + 4 + 4));
  bytes.setUint32(0, 0x49492a00);
  bytes.setUint32(4, 8, true);
  bytes.setUint16(8, entries.length, true);
  entries.forEach(([tag, type, value], i) => {
    const place = 10 + 12 * i;
    bytes.setUint16(place, tag, true);
    bytes.setUint16(place + 2, type, true);
    bytes.setUint32(place + 4, 1, true);
    bytes.setUint32(place + 8, value, true);
  });
  bytes.setFloat32(134, Number.NaN, true);
  return new Uint8Array(bytes.buffer);
}
