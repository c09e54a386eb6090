// The cells of a sweep and their outcomes, where the store keeps them.

import type { Store } from '../artifacts/store.ts';
import { keepOutcomes, keepPages, readOutcomes, readPage } from '../artifacts/sweep-pages.ts';
import type { Cell } from '../experiments/experiment.ts';
import { keptCells } from './kept-cells.ts';
import type { Workplace } from './perform-step.ts';
import type { CellList, CellOutcome, CellPage } from './reference.ts';

/** As many as fit a message several times over (two kilobytes a cell), and a history. */
const pageSize = 100;

/** Keeps the cells of a sweep that is to be started. */
export async function keepCellList(store: Store, cells: readonly Cell[]): Promise<CellList> {
  return { digest: await keepPages(store, cells, pageSize), cells: cells.length, pageSize };
}

/** The cells of a sweep. */
export async function listedCells(store: Store, list: CellList): Promise<Cell[]> {
  const pages = Array.from({ length: pagesOf(list) }, (_, page) => readPage(store, list.digest, page));
  return (await Promise.all(pages)).flat() as Cell[];
}

export function pagesOf({ cells, pageSize }: CellList): number {
  return Math.ceil(cells / pageSize);
}

/** What is left to do of a page, and, where earlier results may be kept, what was there. */
export async function openPage(
  place: Pick<Workplace, 'store' | 'reports'>,
  { list, page, run }: CellPage,
  mayKeep: boolean,
): Promise<{ cells: Cell[]; kept: CellOutcome[] }> {
  const cells = (await readPage(place.store, list.digest, page)) as Cell[];
  const kept = mayKeep ? await keptCells(place, cells, run) : [];
  await keepOutcomes(place.store, { run, page, part: 'kept' }, kept);
  const isKept = new Set(kept.map(({ address }) => address));
  return { cells: cells.filter(({ address }) => !isKept.has(address)), kept };
}

/** Keeps what became of a page's cells. */
export async function closePage(
  store: Store,
  { page, run }: CellPage,
  outcomes: readonly CellOutcome[],
): Promise<void> {
  await keepOutcomes(store, { run, page, part: 'ended' }, outcomes);
}

/** What became of the cells of a run, in the order of the list. */
export async function cellOutcomes(store: Store, run: string, list: CellList): Promise<CellOutcome[]> {
  const cells = await listedCells(store, list);
  const known = (await readOutcomes(store, run, pagesOf(list), ['kept', 'ended'])) as CellOutcome[];
  const outcomes = new Map(known.map(outcome => [outcome.address, outcome]));
  return cells.map(({ address }) => outcomes.get(address) ?? untold(address));
}

/** Of a cell whose page ended before it could tell. */
function untold(address: string): CellOutcome {
  const reason = 'the workflow that had it made was terminated; what was made is kept';
  return { address, status: 'terminated', reason, seconds: 0, reused: false, steps: [] };
}
