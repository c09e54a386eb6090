// What can be asked of a run under way.
import { defineQuery } from '@temporalio/workflow';
import type { CellOutcome } from '../activities/reference.ts';

/** The cells that were there already, once that is known. */
export const keptCellsQuery = defineQuery<CellOutcome[] | undefined>('keptCells');
