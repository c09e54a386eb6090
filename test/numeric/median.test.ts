// Claims about the median: the middle one in order of size, whatever the order given, which is left as it was.
import { expect, it } from 'vitest';
import { median } from '../../numeric/median.ts';

it('is the middle value, of an even count the upper one, and undefined of none', () => {
  expect(median([10, 9, 100])).toBe(10);
  expect(median([4, 1, 3, 2])).toBe(3);
  expect(median([])).toBeUndefined();
});

it('leaves the values in their order', () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});
