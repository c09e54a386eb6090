// Claims about selection by rank: it is what sorting gives, of any numbers, equal ones among them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kthSmallest } from '../../numeric/neighbours/kth-smallest.ts';

const numbers = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: 0, max: 3 })), {
  minLength: 1,
  maxLength: 60,
});

test('the k-th smallest of the first numbers is the k-th of them sorted, and all stay', () => {
  fc.assert(
    fc.property(numbers, fc.nat(), fc.nat(5), (some, rank, further) => {
      const k = 1 + (rank % some.length);
      const values = Float64Array.from([...some, ...Array<number>(further).fill(-1e308)]);
      const sorted = Float64Array.from(some).sort();
      expect(kthSmallest(values, some.length, k) === sorted[k - 1]).toBe(true);
      expect(values.subarray(0, some.length).sort()).toEqual(sorted);
    }),
  );
});
