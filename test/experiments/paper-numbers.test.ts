// The paper's numbers as data: whole, in the printed order, and in agreement with what the text says of them.
import { describe, expect, it } from 'vitest';
import {
  paperDatasets,
  paperRows,
  paperScores,
  table1,
  table2,
  table3,
} from '../../experiments/paper-numbers.ts';

const column = (table: typeof table2, dataset: (typeof paperDatasets)[number]) =>
  table.values.map(row => row[paperDatasets.indexOf(dataset)].mean);

describe('the numbers of the paper', () => {
  it('fill nine rows of five datasets in both tables', () => {
    for (const table of [table2, table3]) {
      expect(table.values.map(row => row.length)).toEqual(paperRows.map(() => paperDatasets.length));
    }
    expect(table1.rows.map(row => row.dataset)).toEqual([...paperDatasets]);
  });

  it('have a spread where there were three runs: trained methods, all but PCam16', () => {
    for (const table of [table2, table3]) {
      table.values.forEach((row, r) => {
        row.forEach(({ sd }, c) => {
          expect(sd === null).toBe(paperRows[r].augmentation === null || paperDatasets[c] === 'pcam16');
        });
      });
    }
  });

  it('have at most the printed decimals, in the range of their score', () => {
    for (const { values, decimals } of [table2, table3]) {
      for (const { mean } of values.flat()) expect(Number(mean.toFixed(decimals)) + 0).toBe(mean + 0);
    }
    expect(table2.values.flat().every(({ mean }) => mean > 0 && mean < 100)).toBe(true);
    expect(table3.values.flat().every(({ mean }) => Math.abs(mean) <= 1)).toBe(true);
  });

  it('add up to these column sums (taken from the paper by hand)', () => {
    const sums = (table: typeof table2) =>
      paperDatasets.map(dataset => column(table, dataset).reduce((sum, value) => sum + value, 0));
    sums(table2).forEach((sum, i) => {
      expect(sum).toBeCloseTo([783.1, 784.5, 720.4, 817.6, 811.0][i], 6);
    });
    sums(table3).forEach((sum, i) => {
      expect(sum).toBeCloseTo([-0.32, 2.59, 1.15, 2.19, 0.52][i], 6);
    });
  });

  it('bear out the text: random rotations have the best silhouette on both microscopy datasets', () => {
    for (const dataset of ['leukemia', 'bloodmnist'] as const) {
      const best = Math.max(...column(table3, dataset));
      expect(paperScores(dataset, 't-simcne', 'randrot')?.silhouette.mean).toBe(best);
    }
  });

  it('bear out the text: 90° rotations win both columns of Pathmnist among the t-SimCNE rows', () => {
    expect(Math.max(...column(table2, 'pathmnist'))).toBe(
      paperScores('pathmnist', 't-simcne', 'rot90')?.knn.mean,
    );
    expect(Math.max(...column(table3, 'pathmnist'))).toBe(0.48);
  });

  it('keep the printed minus of "-0.00"', () => {
    expect(paperScores('leukemia', 'simclr-tsne', 'rot90')?.silhouette.mean).toBe(-0);
  });

  it('are null for what the paper has not', () => {
    expect(paperScores('cifar10', 't-simcne', 'randrot')).toBeNull();
    expect(paperScores('cifar10', 't-simcne', 'rot90')?.silhouette.mean).toBeNull();
    expect(paperScores('leukemia', 'pixels-tsne', 'rot90')).toBeNull();
    expect(paperScores('leukemia', 't-simcne', null)).toBeNull();
  });
});
