// The catalogue against what is published of the sets, and the colours against those of the paper's figures.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { datasets } from '../../datasets/catalogue.ts';
import { classColours } from '../../datasets/class-colours.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { pretrainedWeights } from '../../datasets/pretrained-weights.ts';

describe.each(Object.entries<Dataset>(datasets))('%s', (name, dataset) => {
  it('is named as it is listed, and its classes are told apart', () => {
    expect(dataset.name).toBe(name);
    for (const key of ['name', 'short', 'colour'] as const) {
      expect(new Set(dataset.classes.map(one => one[key])).size).toBe(dataset.classes.length);
    }
    expect(dataset.classes.length).toBeGreaterThan(1);
  });

  it('has counts that add up', () => {
    const counts = dataset.expectedCounts;
    if (counts) expect([counts.length, sum(counts)]).toEqual([dataset.classes.length, dataset.count]);
  });

  it('has files that can be fetched and verified', () => {
    for (const file of dataset.files) {
      expect(file.dataset ?? path.parse(file.name).name).toBe(name); // "data fetch" takes the name
      if (name === 'leukemia')
        expect([file.md5, file.sha256]).toEqual([undefined, undefined]); // first use is trusted
      else expect(file.md5).toMatch(/^[0-9a-f]{32}$/);
      if (file.sha256) expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(file.sources.length).toBeGreaterThan(0);
    }
  });
});

it('has as many images as the paper says (Table 1)', () => {
  const { leukemia, bloodmnist, dermamnist, pathmnist, pcam16 } = datasets;
  const counts = [leukemia, bloodmnist, dermamnist, pathmnist, pcam16].map(({ count }) => count);
  expect(counts).toEqual([18365, 17092, 10015, 107180, 327680]);
});

it('knows the pretrained networks by digest', () => {
  for (const file of Object.values(pretrainedWeights)) expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
});

describe('class colours', () => {
  it("are those of the paper's figures", () => {
    const blood = '#1f77b4 #ff7f0e #2ca02c #9467bd #8c564b #7f7f7f #bcbd22 #17becf';
    const path = '#1f77b4 #ff7f0e #2ca02c #d62728 #8c564b #e377c2 #7f7f7f #bcbd22 #17becf';
    expect(datasets.bloodmnist.classes.map(({ colour }) => colour).join(' ')).toBe(blood);
    expect(datasets.pathmnist.classes.map(({ colour }) => colour).join(' ')).toBe(path);
  });

  it.each([1, 2, 3, 10, 11, 15, 20])('differ among %d classes', count => {
    expect(new Set(classColours(count)).size).toBe(count);
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
