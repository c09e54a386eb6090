// An experiment whose request lists its cells, as those did that began under earlier versions: it goes on as it began.
import { patched, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { CellOutcome } from '../activities/reference.ts';
import type { Cell } from '../experiments/experiment.ts';
import { records } from './activities.ts';
import { makeCells } from './make-cells.ts';
import type { StepPlan } from './make-step.ts';
import { keptCellsQuery } from './queries.ts';

export interface ListedRequest extends StepPlan {
  experiment: string;
  cells: Cell[];
}

export interface ListedOutcome {
  cells: CellOutcome[];
  report: string;
  table: string;
}

export async function listedExperiment(request: ListedRequest): Promise<ListedOutcome> {
  const { experiment, cells, force, isUrgent } = request;
  let kept: CellOutcome[] | undefined;
  setHandler(keptCellsQuery, () => kept);
  const mayKeep = force === undefined && !isUrgent && cells.length > 1;
  kept = mayKeep && patched('kept-cells') ? await records.keptCells({ cells }) : [];
  const isKept = new Set(kept.map(({ address }) => address));
  const rest = cells.filter(({ address }) => !isKept.has(address));
  const made = await makeCells(rest, { force, isUrgent }, { shares: false });
  const outcomes = [...kept, ...made];
  const { path, markdown } = await records.writeReport({ experiment });
  setCurrentDetails(`${markdown}\n\nReport: ${path}`);
  const order = new Map(cells.map(({ address }, place) => [address, place]));
  return {
    cells: outcomes.sort((a, b) => order.get(a.address)! - order.get(b.address)!),
    report: path,
    table: markdown,
  };
}
