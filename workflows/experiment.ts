// A whole experiment: its cells, page by page, then the report.
import { TypedSearchAttributes } from '@temporalio/common';
import {
  ActivityFailure,
  CancellationScope,
  CancelledFailure,
  ChildWorkflowFailure,
  continueAsNew,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { CellList } from '../activities/reference.ts';
import { records } from './activities.ts';
import { addCounts, type CellCounts, type CellPageRequest, cellPage, makePage } from './cell-page.ts';
import { type ListedOutcome, type ListedRequest, listedExperiment } from './listed-experiment.ts';
import type { StepPlan } from './make-step.ts';
import { attributes } from './search-attributes.ts';
import { isRunning, whenFree } from './when-free.ts';

export interface ExperimentRequest extends StepPlan {
  experiment: string;
  list: CellList;
  /** Of an experiment from a file, the digest of what it says. */
  definition?: string;
  /** What an earlier run of this workflow, whose history was full, has done. */
  before?: { pages: number; counts: CellCounts };
}

export interface ExperimentOutcome {
  counts: CellCounts;
  /** Under which the store keeps the outcomes of the cells. */
  run: string;
  list: CellList;
  /** Path of the report's page; empty where it could not be written. */
  report: string;
  /** The results table, as Markdown; or why there is none. */
  table: string;
}

/** How many pages are under way: a cell that takes long holds up its own page only. */
const pagesAtOnce = 4;

/** Makes the cells and writes the report; the table stands in the current details. */
export async function experiment(
  request: ExperimentRequest | ListedRequest,
): Promise<ExperimentOutcome | ListedOutcome> {
  if ('cells' in request) return listedExperiment(request);
  const counts = await makePages(request);
  if (isCancelled()) throw new CancelledFailure('cancelled');
  const { path, markdown } = await writeReport(request);
  setCurrentDetails(`${markdown}\n\nReport: ${path}`);
  const { list } = request;
  return { counts, run: workflowInfo().firstExecutionRunId, list, report: path, table: markdown };
}

/** How many cells ended how. A workflow whose history is full continues as a new one with the pages that are left. */
async function makePages(request: ExperimentRequest): Promise<CellCounts> {
  const { experiment: name, list, force, isUrgent, before = { pages: 0, counts: {} } } = request;
  const pages = Math.ceil(list.cells / list.pageSize);
  let { pages: next, counts } = before;
  const lane = async () => {
    while (next < pages && !workflowInfo().continueAsNewSuggested && !isCancelled()) {
      const run = workflowInfo().firstExecutionRunId;
      const ended = await endPage({ experiment: name, list, page: next++, run, force, isUrgent }, pages);
      counts = addCounts(counts, ended);
    }
  };
  await Promise.all(Array.from({ length: pagesAtOnce }, lane));
  if (next < pages && !isCancelled()) {
    await continueAsNew<typeof experiment>({ ...request, before: { pages: next, counts } });
  }
  return counts;
}

/** A page alone is made here; several are workflows of their own. One that is lost costs no other. */
async function endPage(request: CellPageRequest, pages: number): Promise<CellCounts> {
  if (pages === 1) return makePage(request).catch(orNothingIfCancelled);
  const { list, page, experiment: name } = request;
  const first = page * list.pageSize;
  const last = Math.min(first + list.pageSize, list.cells);
  const options = {
    workflowId: `${name}/page-${page + 1}`,
    args: [request] as [CellPageRequest],
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    typedSearchAttributes: new TypedSearchAttributes([{ key: attributes.experiment, value: name }]),
    staticSummary: `${name}: cells ${first + 1} to ${last}`,
  };
  return whenFree(isRunning, () => executeChild(cellPage, options)).catch(error => {
    if (error instanceof ChildWorkflowFailure) return { terminated: last - first };
    return orNothingIfCancelled(error);
  });
}

function orNothingIfCancelled(error: unknown): CellCounts {
  if (isCancellation(error)) return {};
  throw error;
}

function isCancelled(): boolean {
  return CancellationScope.current().consideredCancelled;
}

/** The cells are made, whatever becomes of the report. */
async function writeReport({
  experiment: name,
  definition,
}: ExperimentRequest): Promise<{ path: string; markdown: string }> {
  try {
    return await records.writeReport({ experiment: name, definition });
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    return { path: '', markdown: `There is no report: ${error.cause?.message ?? error.message}` };
  }
}
