// How a cell stands, as far as that still holds: what was made of other images of the same name counts no more.
import { type CellRecord, readCellRecord } from '../artifacts/cell-record.ts';
import { keyOf } from '../artifacts/recipe.ts';
import type { Cell } from '../experiments/experiment.ts';
import { recipeOf } from './recipe-of.ts';

/** The record of a cell; undefined if it was never made, or of images that were replaced since (`data add --replace`). */
export async function currentRecord(store: string, cell: Cell): Promise<CellRecord | undefined> {
  const record = await readCellRecord(store, cell.experiment, cell.address);
  const [fetch] = cell.steps;
  if (!record || fetch.step !== 'fetch' || fetch.settings.content === undefined) return record;
  const made = record.steps.find(({ step }) => step === 'fetch');
  return !made || made.key === keyOf(recipeOf(fetch, {})) ? record : undefined;
}
