import { expect, test } from 'vitest';
import { asRows, ndarray, sizeOf, takeRows } from '../../numeric/arrays/array.ts';

test('a shape holds the product of its lengths, a scalar one element', () => {
  expect([sizeOf([2, 3, 4]), sizeOf([5, 0]), sizeOf([])]).toEqual([24, 0, 1]);
});

test('data that does not fill its shape is refused', () => {
  expect(() => ndarray(new Float32Array(5), [2, 3])).toThrow('shape [2,3] holds 6 elements, got 5');
});

test('rows are taken in the order asked for, repeats included, with type and inner shape kept', () => {
  const images = ndarray(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), [2, 2, 2]);
  const taken = takeRows(images, [1, 0, 1]);
  expect(taken).toEqual(ndarray(Uint8Array.of(5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8), [3, 2, 2]));
  taken.data[0] = 9;
  expect(images.data[4]).toBe(5);
});

test('images become rows of levels, without a copy', () => {
  const images = ndarray(
    Uint8Array.from({ length: 24 }, (_, i) => i),
    [2, 2, 2, 3],
  );
  expect(asRows(images).shape).toEqual([2, 12]);
  expect(asRows(images).data).toBe(images.data);
});
