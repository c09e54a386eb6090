// What a changed file of an experiment has changed: which cells were made with other settings, and which are no part of it any more.
import { currentRecord } from '../../activities/current-record.ts';
import { isBuiltIn } from '../../activities/definitions.ts';
import { cellRecords, readCellRecord } from '../../artifacts/cell-record.ts';
import type { Manifest } from '../../artifacts/manifest.ts';
import type { Store } from '../../artifacts/store.ts';
import type { Cell } from '../../experiments/experiment.ts';
import {
  repeatingSteps,
  type SettingDifference,
  settingDifferences,
} from '../../reports/comparison/comparison.ts';
import { cellsNamed } from './select-cells.ts';

/** The settings in which a cell that was made differs from what it is now; none where it was not made, or all of it still fits. */
export async function changedSettings(
  { folder }: Store,
  cell: Cell,
  manifests: readonly Manifest[],
): Promise<SettingDifference[]> {
  const record = await readCellRecord(folder, cell.experiment, cell.address);
  if (!record || (await currentRecord(folder, cell))) return [];
  const made = record.steps.flatMap(({ step, key }) => {
    const { files: _, ...settings } = (manifests.find(one => one.key === key)?.recipe.settings ?? {}) as {
      files?: unknown;
    };
    return repeatingSteps.includes(step) ? [] : [{ step, settings }];
  });
  const now = cell.steps.filter(({ step }) => made.some(one => one.step === step));
  return settingDifferences(made, now);
}

/** Addresses of cells that were made of an experiment from a file, and that it has no more. */
export async function droppedCells({ folder }: Store, experiment: string): Promise<string[]> {
  if (isBuiltIn(experiment)) return [];
  const has = new Set(cellsNamed(experiment, folder).map(({ address }) => address));
  return (await cellRecords(folder, experiment)).map(({ address }) => address).filter(one => !has.has(one));
}
