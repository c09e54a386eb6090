// A page of a sweep's cells: of one of more cells than a history holds, each page is a workflow of its own.
import { CancellationScope, CancelledFailure, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { CellOutcome, CellPage, CellStatus } from '../activities/reference.ts';
import { records } from './activities.ts';
import { makeCells } from './make-cells.ts';
import type { StepPlan } from './make-step.ts';
import { keptCellsQuery } from './queries.ts';

export interface CellPageRequest extends StepPlan, CellPage {
  experiment: string;
}

/** How many cells ended how. */
export type CellCounts = Partial<Record<CellStatus, number>>;

/** A page of several. */
export async function cellPage(request: CellPageRequest): Promise<CellCounts> {
  const counts = await makePage(request);
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('cancelled');
  return counts;
}

/** Makes the page's cells that are not there yet, and keeps what became of them, also when it is cancelled. */
export async function makePage(request: CellPageRequest): Promise<CellCounts> {
  const { force, isUrgent, list, page, run } = request;
  let known: CellOutcome[] | undefined;
  setHandler(keptCellsQuery, () => known);
  const mayKeep = force === undefined && !isUrgent && list.cells > 1; // somebody who asks for one cell sees its workflow
  const { cells, kept } = await records.openPage({ list, page, run, mayKeep });
  known = kept;
  const total = kept.length + cells.length;
  const showEnded = (ended: number) => setCurrentDetails(`${kept.length + ended} of ${total} cells`);
  showEnded(0);
  const outcomes = await makeCells(cells, { force, isUrgent }, { onEnd: showEnded });
  await CancellationScope.nonCancellable(() =>
    records.closePage({ list, page, run, outcomes: outcomes.map(withoutSteps) }),
  );
  return countsOf([...kept, ...outcomes]);
}

/** The records of the cells have them. */
function withoutSteps(outcome: CellOutcome): CellOutcome {
  return { ...outcome, steps: [] };
}

function countsOf(outcomes: readonly CellOutcome[]): CellCounts {
  const counts: CellCounts = {};
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

export function addCounts(a: CellCounts, b: CellCounts): CellCounts {
  const sum = { ...a };
  for (const [status, count] of Object.entries(b) as [CellStatus, number][]) {
    sum[status] = (sum[status] ?? 0) + count;
  }
  return sum;
}
