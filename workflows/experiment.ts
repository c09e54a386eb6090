// A whole experiment: one child workflow a cell that is not there yet, all at once (the queues bound what runs), then the report.
import { TypedSearchAttributes } from '@temporalio/common';
import {
  defineQuery,
  executeChild,
  ParentClosePolicy,
  patched,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { CellOutcome } from '../activities/reference.ts';
import type { Cell } from '../experiments/experiment.ts';
import type { StepName } from '../experiments/steps.ts';
import { records } from './activities.ts';
import { cell as cellWorkflow } from './cell.ts';
import { attributes } from './search-attributes.ts';

export interface ExperimentRequest {
  experiment: string;
  cells: Cell[];
  force?: { step: StepName; since: string };
  /** Its steps go before those of other runs. */
  isUrgent?: boolean;
}

export interface ExperimentOutcome {
  cells: CellOutcome[];
  /** Path of the report's page. */
  report: string;
  /** The results table, as Markdown. */
  table: string;
}

/** The cells that were there already, once that is known. */
export const keptCellsQuery = defineQuery<CellOutcome[] | undefined>('keptCells');

/** Runs the cells and writes the report; the table stands in the current details. */
export async function experiment(request: ExperimentRequest): Promise<ExperimentOutcome> {
  let kept: CellOutcome[] | undefined;
  setHandler(keptCellsQuery, () => kept);
  kept = await keptCells(request);
  const isKept = new Set(kept.map(({ address }) => address));
  const outcomes = [...kept];
  const total = request.cells.length;
  setCurrentDetails(`${outcomes.length} of ${total} cells`);
  await Promise.all(
    request.cells.map(async cell => {
      if (isKept.has(cell.address)) return;
      outcomes.push(await startCell(cell, request));
      setCurrentDetails(`${outcomes.length} of ${total} cells`);
    }),
  );
  const { path, markdown } = await records.writeReport({ experiment: request.experiment });
  setCurrentDetails(`${markdown}\n\nReport: ${path}`);
  const order = new Map(request.cells.map(({ address }, place) => [address, place]));
  return {
    cells: outcomes.sort((a, b) => order.get(a.address)! - order.get(b.address)!),
    report: path,
    table: markdown,
  };
}

/** Of a sweep; somebody who asks for one cell sees its workflow. */
async function keptCells({ cells, force, isUrgent }: ExperimentRequest): Promise<CellOutcome[]> {
  const mayKeep = force === undefined && !isUrgent && cells.length > 1;
  return mayKeep && patched('kept-cells') ? records.keptCells({ cells }) : [];
}

function startCell(
  cell: Cell,
  { experiment: name, force, isUrgent }: ExperimentRequest,
): Promise<CellOutcome> {
  const { address, dataset, method, augmentation, seed } = cell;
  return executeChild(cellWorkflow, {
    workflowId: `${name}/${address}`,
    args: [{ cell, force, isUrgent }],
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: attributes.experiment, value: name },
      { key: attributes.dataset, value: dataset },
      { key: attributes.method, value: method },
      ...(augmentation ? [{ key: attributes.augmentation, value: augmentation }] : []),
      ...(seed === undefined ? [] : [{ key: attributes.seed, value: seed }]),
    ]),
    staticSummary: `${name}: ${address.replaceAll('/', ' · ')}`,
    staticDetails: `One cell of the results table of experiment **${name}**.`,
  });
}
