// Claims about chance: a row differs from itself by nothing, one that separates classes from one that does not by more than chance; rows that were
// not asked about the same images are not compared.
import { expect, it } from 'vitest';
import { ndarray } from '../../numeric/arrays/array.ts';
import { Random } from '../../numeric/random.ts';
import { chanceOf } from '../../reports/comparison/chance.ts';
import type { CellResult, DatasetResult } from '../../reports/result.ts';

const n = 600;
const labels = ndarray(
  Int32Array.from({ length: n }, (_, i) => i % 2),
  [n, 1],
);

/** A row of one cell whose classes lie `apart`, among noise of one unit. */
function row(
  apart: number,
  { seed = 1, images = 'images', groups }: { seed?: number; images?: string; groups?: Int32Array } = {},
) {
  const random = new Random(seed);
  const data = Float32Array.from({ length: 2 * n }, (_, i) => random.normal() + apart * labels.data[i >> 1]);
  const step = { key: '', reused: false, seconds: 0 };
  const cell = {
    embedding: ndarray(data, [n, 2]),
    labels,
    steps: [
      { ...step, step: 'prepare', digest: images },
      { ...step, step: 'score', digest: '', settings: { neighbours: 15, testFraction: 0.1, seed: 0 } },
    ],
  } as unknown as CellResult;
  return { cells: [cell], dataset: { groups } as unknown as DatasetResult };
}

it('a row beside itself differs by nothing', () => {
  expect(chanceOf(row(1), row(1))).toMatchObject({
    tested: 60,
    difference: { low: 0, high: 0 },
    isLarger: false,
  });
});

it('classes that lie apart are told from classes that do not, and noise is not told from other noise', () => {
  expect(chanceOf(row(0), row(4))).toMatchObject({ isLarger: true });
  expect(chanceOf(row(0), row(4))!.difference.low).toBeGreaterThan(20);
  expect(chanceOf(row(0, { seed: 1 }), row(0, { seed: 2 }))).toMatchObject({ isLarger: false });
});

it('what was asked about other images, or has no embedding, is not compared', () => {
  expect(chanceOf(row(1), row(1, { images: 'others' }))).toBeNull();
  const { cells, dataset } = row(1);
  expect(chanceOf(row(1), { cells: [{ ...cells[0], embedding: undefined }], dataset })).toBeNull();
});

it('groups are drawn together: few of them leave much to chance', () => {
  const groups = Int32Array.from({ length: n }, (_, i) => Math.floor(i / 60));
  const width = ({ low, high }: { low: number; high: number }) => high - low;
  const [alone, grouped] = [undefined, groups].map(
    one => chanceOf(row(0.5, { groups: one }), row(1, { groups: one, seed: 2 }))!,
  );
  expect(grouped.tested).toBe(60);
  expect(width(grouped.a)).not.toBe(width(alone.a));
});
