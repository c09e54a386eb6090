// How a cell stands, as far as that still holds: what was made of other images or with other settings of the same name counts no more.
import { type CellRecord, readCellRecord } from '../artifacts/cell-record.ts';
import { keyOf } from '../artifacts/recipe.ts';
import type { Cell } from '../experiments/experiment.ts';
import type { Step } from '../experiments/steps.ts';
import { isBuiltIn } from './definitions.ts';
import { recipeOf } from './recipe-of.ts';

/**
 * The record of a cell; undefined if it was never made, of images that were replaced since (`data add --replace`), or with settings
 * that its experiment's file has no more.
 */
export async function currentRecord(store: string, cell: Cell): Promise<CellRecord | undefined> {
  const record = await readCellRecord(store, cell.experiment, cell.address);
  return record && holds(record, cell) ? record : undefined;
}

function holds(record: CellRecord, cell: Cell): boolean {
  if (!isBuiltIn(cell.experiment)) return isOfThese(record, cell.steps);
  const [fetch] = cell.steps; // settings of the code's own experiments change with its steps' versions only
  return fetch.step !== 'fetch' || fetch.settings.content === undefined || isOfThese(record, [fetch]);
}

/** Whether what was made of these steps has the settings that they have now, by whatever version of the code. */
function isOfThese({ steps: made, status }: CellRecord, steps: readonly Step[]): boolean {
  return steps.every(step => {
    const one = made.find(({ step: name }) => name === step.step);
    if (!one) return status !== 'done';
    const inputs = Object.entries(step.inputs).map(([role, name]) => {
      const input = made.find(({ step: of }) => of === name);
      return [role, { digest: input?.digest ?? '' }];
    });
    const recipe = recipeOf(step, Object.fromEntries(inputs));
    const versions = Array.from({ length: recipe.version }, (_, before) => before + 1);
    return versions.some(version => keyOf({ ...recipe, version }) === one.key);
  });
}
