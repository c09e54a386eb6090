// What came out of a run: its workflow tells where the store keeps that.

import type { CellOutcome } from '../../activities/reference.ts';
import { cellOutcomes } from '../../activities/sweep-cells.ts';
import type { ExperimentOutcome } from '../../workflows/experiment.ts';
import type { ListedOutcome } from '../../workflows/listed-experiment.ts';
import { openHomeStore } from '../open-home-store.ts';

export interface RunOutcome {
  cells: CellOutcome[];
  /** Path of the report's page; empty where there is none, and `table` says why. */
  report: string;
  table: string;
}

/** With the outcome of every cell. */
export async function runOutcome(told: ExperimentOutcome | ListedOutcome): Promise<RunOutcome> {
  if ('cells' in told) return told;
  return { ...told, cells: await cellOutcomes(await openHomeStore(), told.run, told.list) };
}
