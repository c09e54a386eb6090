// Claims about intervals: those of shares are the binomial ones, groups that stay together make them as wide as so few items would.
import { expect, it } from 'vitest';
import { Random } from '../../numeric/random.ts';
import { meanInterval } from '../../numeric/scores/bootstrap.ts';

const share = (n: number, p: number) => Float64Array.from({ length: n }, (_, i) => Number(i < p * n));

it.each([
  [300, 0.7],
  [1000, 0.9],
])('of a share of %i items: 1.96 binomial standard errors to either side', (n, p) => {
  const { low, high } = meanInterval(share(n, p), new Random(1));
  const half = 1.96 * Math.sqrt((p * (1 - p)) / n);
  expect(Math.abs(low - (p - half))).toBeLessThan(0.1 * half + 1 / n);
  expect(Math.abs(high - (p + half))).toBeLessThan(0.1 * half + 1 / n);
});

it('items that stay together count as one', () => {
  const once = share(100, 0.7);
  const tenTimes = Float64Array.from({ length: 1000 }, (_, i) => once[Math.floor(i / 10)]);
  const groups = Int32Array.from({ length: 1000 }, (_, i) => Math.floor(i / 10));
  expect(meanInterval(tenTimes, new Random(1), { groups })).toEqual(meanInterval(once, new Random(1)));
});

it('items that are all alike have no other mean', () => {
  expect(meanInterval(new Float64Array(50).fill(0.4), new Random(1)).high).toBeCloseTo(0.4, 12);
});
