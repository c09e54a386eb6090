// The activities beside the steps: what is left to do of a sweep, what became of its cells, and the report.

import path from 'node:path';
import { activityInfo } from '@temporalio/activity';
import { cellRecordPlace, keepCellRecord } from '../artifacts/cell-record.ts';
import { keepExperimentRecord } from '../artifacts/experiment-record.ts';
import { forgetUses } from '../artifacts/running-cells.ts';
import type { Cell } from '../experiments/experiment.ts';
import { cellPageFile } from '../reports/anchor.ts';
import { keptCells } from './kept-cells.ts';
import type { Workplace } from './perform-step.ts';
import type { CellOutcome, CellPage, RecordedStatus } from './reference.ts';
import { isMadeOf, noteMadeOf, reportStamp } from './report-stamp.ts';
import { closePage, openPage } from './sweep-cells.ts';

/** Which report is to be written. */
export interface ReportRequest {
  experiment: string;
  /** Of an experiment from a file, the digest of the definition that the run was started with. */
  definition?: string;
}

export function recordActivities(place: Workplace) {
  const { store, reports } = place;
  return {
    /** Keeps how a cell ended, so that tables and reports need no server; answers where its page will be. */
    async recordCell(ended: { experiment: string; outcome: CellOutcome<RecordedStatus> }): Promise<string> {
      const { experiment, outcome } = ended;
      const { workflowId, runId } = execution();
      const record = cellRecordPlace(experiment, outcome.address);
      await store.pull(record);
      const finishedAt = new Date().toISOString();
      await keepCellRecord(store.folder, { ...outcome, experiment, workflowId, runId, finishedAt });
      await store.push(record);
      await forgetUses(store.folder, workflowId || 'none');
      return path.join(reports, experiment, cellPageFile(outcome.address));
    },

    /** What is left to do of a page of a sweep; what was made before, and of which the store has everything, is told where it may be kept. */
    async openPage(page: CellPage & { mayKeep: boolean }): Promise<{ cells: Cell[]; kept: CellOutcome[] }> {
      return openPage(place, page, page.mayKeep);
    },

    /** Keeps what became of a page's cells. */
    async closePage(page: CellPage & { outcomes: CellOutcome[] }): Promise<void> {
      await closePage(store, page, page.outcomes);
      await forgetUses(store.folder, execution().workflowId || 'none'); // by the steps that were made for several cells
    },

    /** For a sweep whose request lists its cells: those that were made before, and of which the store has everything. */
    async keptCells({ cells }: { cells: Cell[] }): Promise<CellOutcome[]> {
      return keptCells(place, cells, execution().runId);
    },

    /**
     * Writes an experiment's report from what the store holds, and keeps its table with the verdicts there; answers where the
     * report is, and the table as Markdown. A report that would be the same is left alone.
     */
    async writeReport({
      experiment,
      definition,
    }: ReportRequest): Promise<{ path: string; markdown: string }> {
      await store.refresh();
      const { experimentResult, resultsTable, tableMarkdown, writePages } = await loadReports();
      const folder = path.join(reports, experiment);
      const stamp = await reportStamp(place, experiment, definition);
      const isCurrent = await isMadeOf(folder, stamp);
      const result = await experimentResult(place, experiment, { arrays: !isCurrent, definition });
      const table = resultsTable(result);
      const { madeAt, codeVersion } = result;
      await keepExperimentRecord(store.folder, { experiment, madeAt, codeVersion, ...execution(), table });
      await store.push('experiments/');
      if (!isCurrent) {
        await writePages(result, folder);
        await noteMadeOf(folder, stamp);
      }
      return { path: path.join(folder, 'index.html'), markdown: tableMarkdown(table) };
    },
  };
}

/** The workflow that asks. */
function execution(): { workflowId: string; runId: string } {
  const { workflowId = '', runId = '' } = activityInfo().workflowExecution ?? {};
  return { workflowId, runId };
}

/** What reports are made with, loaded when one is made: it is most of the code that a worker has, and it starts sooner without. */
async function loadReports() {
  const [{ experimentResult }, { resultsTable }, { tableMarkdown }, { writeReport }] = await Promise.all([
    import('./experiment-result.ts'),
    import('../reports/table/results-table.ts'),
    import('../reports/table/table-markdown.ts'),
    import('../reports/write-report.ts'),
  ]);
  return { experimentResult, resultsTable, tableMarkdown, writePages: writeReport };
}
