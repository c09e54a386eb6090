// Pictures of every kind, by what a file is: the pixels that were put in come out, or one reason why not.
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { kindOf } from '../../../../datasets/own/formats/kind.ts';
import { countPictures, readPicture } from '../../../../datasets/own/formats/read-picture.ts';
import { levelsOf } from '../../../../datasets/own/picture-levels.ts';
import { bmp, dicom, type Rows, rleFrame, syntaxes, tiff } from './made-files.ts';

const grey: Rows = [
  [0, 100, 200],
  [255, 7, 50],
];
const colour: Rows = [
  [
    [255, 0, 0],
    [0, 255, 0],
    [1, 2, 3],
  ],
  [
    [9, 8, 7],
    [0, 0, 255],
    [40, 50, 60],
  ],
];
const deep: Rows = [
  [0, 1000, 2000],
  [4095, 70, 500],
];
const flat = (rows: Rows) => rows.flat(2) as number[];
const values = async (bytes: Uint8Array, page?: number) => [...(await readPicture(bytes, { page })).samples];

/** A little-endian TIFF whose first directory says other whole numbers, by tag. */
function withTags(bytes: Buffer, values: Record<number, number>): Buffer {
  const at = bytes.readUInt32LE(4);
  for (let entry = at + 2; entry < at + 2 + 12 * bytes.readUInt16LE(at); entry += 12) {
    const value = values[bytes.readUInt16LE(entry)];
    if (value === undefined) continue;
    bytes.writeUInt16LE(4, entry + 2); // a long
    bytes.writeUInt32LE(1, entry + 4);
    bytes.writeUInt32LE(value, entry + 8);
  }
  return bytes;
}

describe('kindOf', () => {
  it.each([
    ['bmp', bmp(colour)],
    ['tiff', tiff([colour])],
    ['dicom', dicom(deep)],
    ['dicom', Buffer.concat([tiff([grey]).subarray(0, 128), dicom(grey).subarray(128)])], // its preamble may be a TIFF's
    ['other', Buffer.from('BM, a short text that begins like a bitmap, and is none')],
    ['other', Buffer.from('<!DOCTYPE html>')],
    ['other', Buffer.alloc(0)],
  ])('%s', (kind, bytes) => {
    expect(kindOf(bytes)).toBe(kind);
  });
});

describe('bitmaps', () => {
  it('of 24 bits and of 8 with a palette', async () => {
    expect(await values(bmp(colour))).toEqual(flat(colour));
    expect(await values(bmp(grey, 8))).toEqual(flat(grey).flatMap(value => [value, value, value]));
  });

  it('are refused where they are cut off, or promise too much', async () => {
    await expect(readPicture(bmp(colour).subarray(0, 60))).rejects.toMatchObject({ trouble: 'broken' });
    const huge = bmp(colour);
    huge.writeInt32LE(2 ** 30, 18);
    await expect(readPicture(huge)).rejects.toMatchObject({ trouble: 'large' });
  });
});

describe('TIFF', () => {
  const date = Buffer.from('2010:10:12 16:21:00\0\0'); // 21 bytes, where TIFF wants 20
  it.each<[string, Buffer, Rows]>([
    ['of 8 bits', tiff([colour]), colour],
    [
      'with a date that is too long and private tags',
      tiff([colour], {
        extra: [
          [306, 2, date],
          [33628, 4, Buffer.alloc(24, 1)],
        ],
      }),
      colour,
    ],
    ['with its own reduced copy, which says so', tiff([colour, [[[1, 1, 1]]]], { subfile: 1 }), colour],
    ['of 16 bits', tiff([deep], { bits: 16 }), deep],
    ['of 12 bits, packed', tiff([deep], { bits: 12 }), deep],
    [
      'of floats',
      tiff(
        [
          [
            [0, 0.25],
            [0.5, 1],
          ],
        ],
        { bits: 32, floats: true },
      ),
      [
        [0, 0.25],
        [0.5, 1],
      ],
    ],
  ])('%s', async (_, bytes, rows) => {
    expect(await values(bytes)).toEqual(flat(rows));
  });

  it('with a reduced copy that does not say so', async () => {
    const large: Rows = Array.from({ length: 8 }, (_, y) => Array.from({ length: 8 }, (_, x) => 8 * y + x));
    const small: Rows = Array.from({ length: 4 }, () => Array<number>(4).fill(1));
    expect(await values(tiff([large, small]))).toEqual(flat(large));
  });

  it('with several pictures is refused, unless one is chosen', async () => {
    const stack = tiff([grey, colour, grey]);
    await expect(readPicture(stack)).rejects.toMatchObject({ trouble: 'stack', message: '3 pictures' });
    expect(await values(stack, 2)).toEqual(flat(colour));
    await expect(readPicture(stack, { page: 4 })).rejects.toThrow('none at --page 4');
    expect(await countPictures(stack)).toBe(3);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'is upright with orientation %d, of 8 bits and of floats alike',
    async orientation => {
      const bytes = tiff([grey], { orientation });
      const { data, info } = await sharp(bytes)
        .autoOrient()
        .toColourspace('b-w')
        .raw()
        .toBuffer({ resolveWithObject: true });
      const picture = await readPicture(bytes);
      expect([picture.width, picture.height, ...picture.samples]).toEqual([info.width, info.height, ...data]);
      const floats = await readPicture(tiff([grey], { orientation, bits: 32, floats: true }));
      expect([floats.width, floats.height, ...floats.samples]).toEqual([info.width, info.height, ...data]);
    },
  );

  it('whose white is zero is turned round', async () => {
    const picture = await readPicture(tiff([deep], { bits: 12, photometric: 0 }));
    const levels = levelsOf(picture, { from: 0, to: 4095 }, false);
    expect([levels[0], levels[9]]).toEqual([255, 0]);
  });

  it('of a compression that no decoder here knows is refused', async () => {
    const jpeg2000 = tiff([colour], { compression: 33005 });
    await expect(readPicture(jpeg2000)).rejects.toMatchObject({
      trouble: 'kind',
      message: 'TIFF of compression 33005',
    });
  });

  it('is refused where its directory leads nowhere', async () => {
    const lost = tiff([grey]);
    lost.writeUInt32LE(lost.length + 10, 4);
    await expect(readPicture(lost)).rejects.toMatchObject({ trouble: 'broken' });
    await expect(readPicture(tiff([grey]).subarray(0, 12))).rejects.toMatchObject({ trouble: 'broken' });
  });
});

describe('PNG and JPEG', () => {
  const photo = () => sharp(Buffer.from(flat(colour)), { raw: { width: 3, height: 2, channels: 3 } });
  it('are upright, without alpha, of 16 bits where they have them', async () => {
    const turned = await readPicture(await photo().withMetadata({ orientation: 6 }).jpeg().toBuffer());
    expect([turned.width, turned.height]).toEqual([2, 3]);
    const clear = await photo().ensureAlpha(0.5).png().toBuffer();
    expect(await values(clear)).toEqual(flat(colour));
    const raw = { width: 3, height: 2, channels: 1 } as const;
    const grey16 = await sharp(Uint16Array.from(flat(deep)), { raw })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    const picture = await readPicture(grey16);
    expect([picture.areLevels, ...picture.samples]).toEqual([false, ...flat(deep)]);
  });

  it('of more strips than the file has places for are cut off, and cost no memory', async () => {
    const bytes = withTags(tiff([deep], { bits: 32, floats: true }), { 256: 1, 257: 1 << 22, 278: 1 });
    await expect(readPicture(bytes, { mostPixels: 1 << 22 })).rejects.toThrow('cut off');
  });

  it('are refused where they are cut off, or have more pixels than are decoded', async () => {
    const bytes = await sharp({ create: { width: 99, height: 99, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    await expect(readPicture(bytes.subarray(0, bytes.length / 2))).rejects.toMatchObject({
      trouble: 'broken',
    });
    await expect(readPicture(bytes, { mostPixels: 9800 })).rejects.toThrow(/pixel/);
    await expect(readPicture(Buffer.from('hello'))).rejects.toThrow('is no image');
    await expect(readPicture(Buffer.alloc(0))).rejects.toThrow('is empty');
  });
});

describe('DICOM', () => {
  it.each([
    ['little-endian', { bits: 12 }],
    ['with implicit types', { bits: 12, syntax: syntaxes.implicit }],
    ['big-endian', { bits: 12, syntax: syntaxes.bigEndian }],
    ['deflated', { bits: 12, syntax: syntaxes.deflated }],
    ['run-length encoded', { bits: 12, syntax: syntaxes.rle, encapsulated: rleFrame(flat(deep)) }],
  ])('%s', async (_, form) => {
    expect(await values(dicom(deep, form))).toEqual(flat(deep));
  });

  it('of 8 bits, grey and colours', async () => {
    expect(await values(dicom(grey, { allocated: 8 }))).toEqual(flat(grey));
    expect(await values(dicom(colour, { allocated: 8 }))).toEqual(flat(colour));
  });

  it('of JPEG', async () => {
    const jpeg = await sharp({
      create: { width: 16, height: 16, channels: 3, background: { r: 90, g: 90, b: 90 } },
    })
      .toColourspace('b-w')
      .jpeg()
      .toBuffer();
    const rows = Array.from({ length: 16 }, () => Array<number>(16).fill(90));
    expect(await values(dicom(rows, { allocated: 8, syntax: syntaxes.jpeg, encapsulated: jpeg }))).toEqual(
      flat(rows),
    );
  });

  it('is rescaled, with its sign, and seen by its window', async () => {
    const stored: Rows = [[-1024, 0, 1000]];
    const form = { isSigned: true, rescale: [2, -10], window: [40, 401] } as const;
    const picture = await readPicture(dicom(stored, form));
    expect([...picture.samples]).toEqual([-2058, -10, 1990]);
    expect(picture.window).toEqual({ from: -160.5, to: 239.5 }); // PS3.3, C.11.2.1.2.1
    const levels = levelsOf(picture, undefined, false);
    expect([levels[0], levels[3], levels[6]]).toEqual([0, Math.round((150.5 / 400) * 255), 255]);
    const chosen = levelsOf(picture, { from: -2058, to: 1990 }, true);
    expect([chosen[0], chosen[6]]).toEqual([0, 255]);
  });

  it('whose large values are dark is turned round', async () => {
    const picture = await readPicture(dicom(deep, { bits: 12, photometric: 'MONOCHROME1' }));
    const levels = levelsOf(picture, { from: 0, to: 4095 }, false);
    expect([levels[0], levels[9]]).toEqual([255, 0]);
  });

  it.each<[string, Buffer, object]>([
    ['several frames', dicom([...deep, ...deep], { frames: 2 }), { trouble: 'stack', message: '2 frames' }],
    [
      'a syntax that is not read',
      dicom(deep, { syntax: syntaxes.jpegLs, encapsulated: Buffer.alloc(20) }),
      { trouble: 'kind' },
    ],
    ['pixels that are cut off', dicom(deep).subarray(0, -6), { trouble: 'broken' }],
    ['no more than its beginning', dicom(deep).subarray(0, 140), { trouble: 'broken' }],
    [
      'a JPEG that is none',
      dicom(grey, { allocated: 8, syntax: syntaxes.jpeg, encapsulated: Buffer.alloc(40) }),
      { trouble: 'broken' },
    ],
  ])('with %s is refused', async (_, bytes, error) => {
    await expect(readPicture(bytes)).rejects.toMatchObject({ name: 'NotTaken', ...error });
  });
});
