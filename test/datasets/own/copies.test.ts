// Copies are found however they are turned or mirrored; what merely looks alike is none.
import { expect, it } from 'vitest';
import { countCopies, shapeless } from '../../../datasets/own/copies.ts';
import { type NdArray, ndarray } from '../../../numeric/arrays/array.ts';
import { Random } from '../../../numeric/random.ts';

const noise = (height: number, width: number, seed: number) => {
  const random = new Random(seed);
  return ndarray(
    Uint8Array.from({ length: height * width * 3 }, () => random.integer(256)),
    [height, width, 3],
  );
};

/** A quarter to the right, or mirrored. */
function moved({ data, shape: [height, width] }: NdArray<Uint8Array>, way: 'turned' | 'mirrored') {
  const [rows, across] = way === 'turned' ? [width, height] : [height, width];
  const result = new Uint8Array(data.length);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < across; x++) {
      const from = way === 'turned' ? (height - 1 - x) * width + y : y * width + width - 1 - x;
      result.set(data.subarray(3 * from, 3 * from + 3), 3 * (y * across + x));
    }
  }
  return ndarray(result, [rows, across, 3]);
}

it.each([
  [28, 28],
  [5, 5],
  [4, 7],
  [1, 1],
])('all eight of an image of %d × %d are one', (height, width) => {
  let image: NdArray<Uint8Array> = noise(height, width, 1);
  const number = shapeless(image);
  for (let turn = 0; turn < 4; turn++) {
    expect(shapeless(image)).toBe(number);
    expect(shapeless(moved(image, 'mirrored'))).toBe(number);
    image = moved(image, 'turned');
  }
});

it('images that differ in one level, or have the same pixels elsewhere, differ', () => {
  const numbers = Array.from({ length: 2000 }, (_, seed) => shapeless(noise(6, 6, seed)));
  expect(new Set(numbers).size).toBe(2000);
  const image = noise(6, 6, 1);
  const other = ndarray(Uint8Array.from(image.data), [6, 6, 3]);
  other.data[0] ^= 1;
  expect(shapeless(other)).not.toBe(shapeless(image));
  const exchanged = ndarray(Uint8Array.from(image.data), [6, 6, 3]);
  exchanged.data.set(image.data.subarray(0, 3), 3);
  exchanged.data.set(image.data.subarray(3, 6), 0);
  expect(shapeless(exchanged)).not.toBe(shapeless(image));
});

it('counts copies, and those that are tested against a copy', () => {
  const split = { trainIndices: [0, 1, 2], testIndices: [3, 4, 5] };
  expect(countCopies([7, 8, 9, 7, 5, 5], split)).toEqual({ copies: 4, across: 1 });
  expect(countCopies([1, 2, 3, 4, 5, 6], split)).toEqual({ copies: 0, across: 0 });
});
