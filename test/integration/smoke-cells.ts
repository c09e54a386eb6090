// What a run of `smoke` must give on any machine.
import { expect } from 'vitest';
import type { Ended } from './command-line.ts';

export interface CellLine {
  address: string;
  status: string;
  knn: number;
  silhouette: number;
  seconds: number;
  reused: boolean;
}

export const cells = (ended: Ended): CellLine[] => JSON.parse(ended.stdout).cells;

const testImages = 24; // a tenth of 240

/** Every cell is done, without a word of trouble, and its scores are scores: which ones, chance and processor decide. */
export function expectEveryCell(ended: Ended): void {
  expect(ended.stderr).not.toMatch(/ at .*\(.*:\d+:\d+\)/);
  expect(ended.code).toBe(0);
  expect(cells(ended).map(({ address, status }) => [address, status])).toEqual([
    ['shapes/t-simcne/rot90/seed-1', 'done'],
    ['shapes/simclr-tsne/rot90/seed-1', 'done'],
    ['shapes/pixels-tsne', 'done'],
    ['shapes/resnet18-tsne', 'done'],
  ]);
  for (const { knn, silhouette } of cells(ended)) {
    const right = (knn / 100) * testImages;
    expect(right).toBeCloseTo(Math.round(right), 9);
    expect(right).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(testImages);
    expect(Math.abs(silhouette)).toBeLessThan(1);
  }
}
