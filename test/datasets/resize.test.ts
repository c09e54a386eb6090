// What every resizing must keep, whatever its filter; Pillow's own levels are in `golden.test.ts`.
import { describe, expect, it } from 'vitest';
import { imagenetPicture, resizeBicubic, resizeBilinear } from '../../datasets/resize.ts';
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { Random } from '../../numeric/random.ts';

const random = new Random(7);
const randomImage = (height: number, width: number, channels = 3) =>
  ndarray(
    Uint8Array.from({ length: height * width * channels }, () => random.integer(256)),
    [height, width, channels],
  );

describe.each([
  ['bicubic', resizeBicubic],
  ['bilinear', resizeBilinear],
])('%s', (_, resize) => {
  it('keeps an image of the right size', () => {
    const image = randomImage(9, 13);
    expect(resize(image, 13, 9)).toEqual(image);
  });

  it.each([1, 7, 28, 64])('keeps one colour, to side %d', side => {
    const image = ndarray(
      new Uint8Array(20 * 30 * 3).map((_, i) => [12, 0, 255][i % 3]),
      [20, 30, 3],
    );
    expect([...resize(image, side).data].every((level, i) => level === [12, 0, 255][i % 3])).toBe(true);
  });

  it('goes by rows first, by columns first where much more height than width is lost (as Pillow 13)', () => {
    const [even, tall] = [randomImage(28, 82), randomImage(44, 12)];
    expect(resize(even, 70, 9)).toEqual(resize(resize(even, 70, 28), 70, 9));
    expect(resize(tall, 29, 32)).toEqual(resize(resize(tall, 12, 32), 29, 32));
    expect(resize(tall, 29, 32)).not.toEqual(resize(resize(tall, 29, 44), 29, 32));
  });

  it('commutes with mirroring', () => {
    const image = randomImage(31, 17);
    expect(resize(mirrored(image), 12, 40)).toEqual(mirrored(resize(image, 12, 40)));
  });

  it('drops alpha without blending', () => {
    const rgba = randomImage(30, 30, 4);
    const rgb = ndarray(
      rgba.data.filter((_, i) => i % 4 !== 3),
      [30, 30, 3],
    );
    expect(resize(rgba, 11)).toEqual(resize(rgb, 11));
  });

  it('refuses grey images', () => {
    expect(() => resize(randomImage(5, 5, 1), 3)).toThrow('3 or 4 channels (RGB, RGBA), found 1');
  });
});

describe('imagenetPicture', () => {
  it('is the middle of the enlarged image', () => {
    const image = randomImage(28, 28);
    const enlarged = resizeBilinear(image, 256).data;
    const picture = imagenetPicture(image);
    expect(picture.shape).toEqual([224, 224, 3]);
    for (const row of [0, 100, 223]) {
      const start = ((row + 16) * 256 + 16) * 3;
      expect(picture.data.subarray(row * 672, (row + 1) * 672)).toEqual(
        enlarged.subarray(start, start + 672),
      );
    }
  });

  it('keeps the shape of oblong images', () => {
    const wide = randomImage(10, 20);
    const resized = resizeBilinear(wide, 16, 8).data;
    const start = (1 * 16 + 5) * 3; // of 8 × 16, the middle 6 × 6
    expect(imagenetPicture(wide, 8, 6).data.subarray(0, 18)).toEqual(resized.subarray(start, start + 18));
  });
});

function mirrored({ data, shape }: NdArray<Uint8Array>): NdArray<Uint8Array> {
  const [, width] = shape;
  const turned = data.map((_, i) => {
    const [pixel, channel] = [Math.floor(i / 3), i % 3];
    const row = Math.floor(pixel / width);
    return data[(row * width + width - 1 - (pixel % width)) * 3 + channel];
  });
  return ndarray(turned, shape);
}
