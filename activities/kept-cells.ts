// Cells for which nothing is left to do: of an experiment that was made before they need no workflows of their own.
import path from 'node:path';
import { type CellRecord, cellRecordPlace, keepHits } from '../artifacts/cell-record.ts';
import { keyOf } from '../artifacts/recipe.ts';
import type { Store } from '../artifacts/store.ts';
import type { Cell } from '../experiments/experiment.ts';
import { cellPageFile } from '../reports/anchor.ts';
import { currentRecord } from './current-record.ts';
import type { Workplace } from './perform-step.ts';
import { recipeOf } from './recipe-of.ts';
import type { CellOutcome, Reference } from './reference.ts';

/**
 * The outcomes of the cells that were made, and all of whose artifacts the store has, verified, as this code would make them
 * now. Counts them as found by the run of that id. Their steps are left out: the records have them.
 */
export async function keptCells(
  { store, reports }: Pick<Workplace, 'store' | 'reports'>,
  cells: readonly Cell[],
  runId: string,
): Promise<CellOutcome[]> {
  await store.refresh();
  const found: CellRecord[] = [];
  for (const cell of cells) {
    const record = await currentRecord(store.folder, cell);
    if (record?.status === 'done' && (await isWhole(store, cell, record))) found.push(record);
  }
  for (let first = 0; first < found.length; first += atOnce) {
    const some = found.slice(first, first + atOnce);
    await Promise.all(some.map(record => keepHits(store.folder, record, runId)));
    await Promise.all(
      some.map(({ experiment, address }) => store.push(cellRecordPlace(experiment, address))),
    );
  }
  return found.map(({ experiment, address, knn, silhouette, steps }) => ({
    ...{ address, status: 'done', knn, silhouette, reused: true, steps: [] },
    seconds: steps.reduce((sum, { seconds }) => sum + seconds, 0),
    report: path.join(reports, experiment, cellPageFile(address)),
  }));
}

const atOnce = 16; // records that wait for the disk

/** Whether the store has what the cell's steps would make, and the record names just that. */
async function isWhole(store: Store, cell: Cell, record: CellRecord): Promise<boolean> {
  const made = new Map<string, Reference>();
  for (const step of cell.steps) {
    const inputs = Object.entries(step.inputs).map(([role, name]) => [role, made.get(name)!] as const);
    const key = keyOf(recipeOf(step, Object.fromEntries(inputs)));
    const recorded = record.steps.find(one => one.step === step.step);
    const artifact = recorded?.key === key ? await store.find(key, recorded.digest) : undefined;
    if (!artifact || artifact.digest !== recorded?.digest) return false;
    made.set(step.step, { step: step.step, key, digest: artifact.digest });
  }
  return true;
}
