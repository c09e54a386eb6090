// Places in a report that a link can point to, and what they are called.
import type { CellResult } from './result.ts';
import { rowName } from './table/results-table.ts';

/** The id of a cell's panel in the overview: its address. */
export const cellId = (address: string): string => address;

/** The id of a row of the results table. */
export const rowId = (address: string): string => `row/${address}`;

/** The link to an id of the same page: `#bloodmnist/t-simcne/rot90/seed-1`. */
export function fragment(id: string): string {
  return `#${encodeURIComponent(id).replaceAll('%2F', '/')}`;
}

/** A cell's own page, from the report's folder. */
export const cellPageFile = (address: string): string => `cells/${address}.html`;

/** What the page's scripts read of a cell, from the report's folder. */
export const dataFile = (address: string): string => `data/${address}.js`;

/** From a cell's page back to the report's folder: `../../../../`. */
export const rootFrom = (address: string): string => '../'.repeat(address.split('/').length);

/** The link from overview to comparison. */
export const comparison = (a: string, b: string): string => `compare.html${chosenPair(a, b)}`;

/** Chooses the two sides of a page of comparison. */
export const chosenPair = (a: string, b: string): string => `#a=${a}&b=${b}`;

/** `t-SimCNE, + 90° rot., seed 1`. */
export function cellName({
  seed,
  ...row
}: Pick<CellResult, 'method' | 'augmentation' | 'variant' | 'seed'>): string {
  const { group, label } = rowName(row);
  return [group, label, ...(seed === undefined ? [] : [`seed ${seed}`])].join(', ');
}
