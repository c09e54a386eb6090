// Claims about the vector kernel: the sums of plain loops, to the bit.
import { expect, test } from 'vitest';
import { Random } from '../../numeric/random.ts';
import { PlaneTile } from '../../numeric/scores/plane-tile.ts';

test.each([
  [512, 512],
  [7, 13],
  [4, 1],
])('%i points beside %i others: both sides have the sums that plain loops add up', async (rows, others) => {
  const random = new Random(rows);
  const columns = [0, 1].map(() => Float64Array.from({ length: 2000 }, () => random.normal()));
  const earlier = () => Float64Array.from({ length: 2000 }, (_, i) => i / 7);
  const [rowSums, columnSums, plainRowSums, plainColumnSums] = [earlier(), earlier(), earlier(), earlier()];
  const [from, begin] = [100, 1000];

  const tile = new PlaneTile(await PlaneTile.kernel());
  const done = tile.add(columns, from, from + rows, begin, begin + others, rowSums, columnSums);

  expect(done).toBe(rows - (rows % 4));
  for (let i = from; i < from + done; i++) {
    for (let j = begin; j < begin + others; j++) {
      const distance = Math.sqrt((columns[0][i] - columns[0][j]) ** 2 + (columns[1][i] - columns[1][j]) ** 2);
      plainRowSums[i] += distance;
      plainColumnSums[j] += distance;
    }
  }
  expect(rowSums).toEqual(plainRowSums);
  expect(columnSums).toEqual(plainColumnSums);
});
