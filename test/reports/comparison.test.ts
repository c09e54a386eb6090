// Two experiments side by side: rows matched, differences by hand, and every setting that differs.
import { describe, expect, it } from 'vitest';
import { compareRows, type Side } from '../../reports/comparison/comparison.ts';
import { comparisonText } from '../../reports/comparison/comparison-text.ts';

function side(experiment: string, augmentation: string, knn: number | null, settings: object): Side {
  const spread = (mean: number | null) => ({ mean, sd: null, values: mean === null ? [] : [mean] });
  const row: Side['row'] = {
    dataset: 'bloodmnist',
    method: 't-simcne',
    augmentation,
    seeds: [1],
    status: knn === null ? 'missing' : 'done',
    knn: spread(knn),
    silhouette: spread(knn === null ? null : knn / 400),
  };
  return {
    place: `${experiment}/bloodmnist/t-simcne/${augmentation}`,
    row,
    steps: [{ step: 'train', settings }],
  };
}

const narrow = { network: { width: 16 }, stages: [{ epochs: 38 }, { epochs: 4 }], momentum: 0.9 };
const wide = { network: { width: 32 }, stages: [{ epochs: 38 }], momentum: 0.9 };

describe('a comparison', () => {
  const rows = compareRows(
    [side('quick', 'default', 60, narrow), side('quick', 'rot90', 75, narrow)],
    [
      side('desk', 'randrot', 80, wide),
      side('desk', 'rot90', 90.5, wide),
      side('desk', 'default', null, narrow),
    ],
  );

  it('matches rows by what they are, not by their order, and leaves those of one side alone', () => {
    expect(rows.map(row => [row.augmentation, row.a?.knn.mean ?? null, row.b?.knn.mean ?? null])).toEqual([
      ['default', 60, null],
      ['rot90', 75, 90.5],
      ['randrot', null, 80],
    ]);
    expect(rows.map(row => row.difference.knn)).toEqual([null, 15.5, null]);
    expect(rows[1].difference.silhouette).toBeCloseTo(15.5 / 400, 12);
    expect(rows[2].a).toBeNull();
  });

  it('names every setting that differs, down to the leaf, and none that does not', () => {
    expect(rows[1].settings).toEqual([
      { setting: 'train.network.width', a: 16, b: 32 },
      { setting: 'train.stages.1', a: { epochs: 4 }, b: null },
    ]);
    expect(rows[0].settings).toEqual([]);
  });

  it('says as text which rows a setting differs in', () => {
    const lines = comparisonText(rows, 'quick', 'desk').split('\n');
    expect(lines.find(line => line.includes('rot90 '))?.split(/ {2,}/)).toEqual([
      'bloodmnist/t-simcne/rot90',
      '75.0',
      '90.5',
      '+15.5',
      '0.19',
      '0.23',
      '+0.04',
    ]);
    expect(lines.slice(-3)).toEqual([
      '  bloodmnist/t-simcne/rot90:',
      '    train.network.width: 16 | 32',
      '    train.stages.1: {"epochs":4} | none',
    ]);
  });
});

it('says when nothing differs, and when there is nothing to compare', () => {
  const one = [side('quick', 'rot90', 75, narrow)];
  expect(comparisonText(compareRows(one, one), 'quick', 'quick')).toMatch(/All settings are the same\.$/);
  expect(comparisonText(compareRows(one, []), 'quick', 'desk')).toMatch(/no row in common\.$/);
});
