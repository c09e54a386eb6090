// All activities of a worker, by the names that the Temporal UI shows.

import path from 'node:path';
import { activityInfo } from '@temporalio/activity';
import { cellRecordPlace, keepCellRecord } from '../artifacts/cell-record.ts';
import { keepExperimentRecord } from '../artifacts/experiment-record.ts';
import { forgetUses } from '../artifacts/running-cells.ts';
import type { Cell } from '../experiments/experiment.ts';
import { type StepName, stepNames } from '../experiments/steps.ts';
import { cellPageFile } from '../reports/anchor.ts';
import { keptCells } from './kept-cells.ts';
import { performStep, type Workplace } from './perform-step.ts';
import type { CellOutcome, StepOutcome, StepRequest } from './reference.ts';
import { isMadeOf, noteMadeOf, reportStamp } from './report-stamp.ts';

type StepActivity = (request: StepRequest) => Promise<StepOutcome>;

/** The activities of a worker at its workplace. */
export function createActivities(place: Workplace) {
  const steps = Object.fromEntries(
    stepNames.map(name => [name, (request: StepRequest) => performStep(place, request)]),
  ) as Record<StepName, StepActivity>;
  return {
    ...steps,

    /** Keeps how a cell ended, so that tables and reports need no server; answers where its page will be. */
    async recordCell({ experiment, outcome }: { experiment: string; outcome: CellOutcome }): Promise<string> {
      const { workflowExecution } = activityInfo();
      const record = cellRecordPlace(experiment, outcome.address);
      await place.store.pull(record);
      await keepCellRecord(place.store.folder, {
        ...outcome,
        experiment,
        workflowId: workflowExecution?.workflowId ?? '',
        runId: workflowExecution?.runId ?? '',
        finishedAt: new Date().toISOString(),
      });
      await place.store.push(record);
      await forgetUses(place.store.folder, workflowExecution?.workflowId ?? 'none');
      return path.join(place.reports, experiment, cellPageFile(outcome.address));
    },

    /** Cells that were made before, and of which the store has everything. */
    async keptCells({ cells }: { cells: Cell[] }): Promise<CellOutcome[]> {
      return keptCells(place, cells, activityInfo().workflowExecution?.runId ?? '');
    },

    /**
     * Writes an experiment's report from what the store holds, and keeps its table with the verdicts there; answers where the
     * report is, and the table as Markdown. A report that would be the same is left alone.
     */
    async writeReport({ experiment }: { experiment: string }): Promise<{ path: string; markdown: string }> {
      const { workflowExecution } = activityInfo();
      await place.store.refresh();
      const { experimentResult, resultsTable, tableMarkdown, writePages } = await loadReports();
      const folder = path.join(place.reports, experiment);
      const stamp = await reportStamp(place, experiment);
      const isCurrent = await isMadeOf(folder, stamp);
      const result = await experimentResult(place, experiment, { arrays: !isCurrent });
      const table = resultsTable(result);
      await keepExperimentRecord(place.store.folder, {
        experiment,
        madeAt: result.madeAt,
        codeVersion: result.codeVersion,
        workflowId: workflowExecution?.workflowId ?? '',
        runId: workflowExecution?.runId ?? '',
        table,
      });
      await place.store.push('experiments/');
      if (!isCurrent) {
        await writePages(result, folder);
        await noteMadeOf(folder, stamp);
      }
      return { path: path.join(folder, 'index.html'), markdown: tableMarkdown(table) };
    },
  };
}

/** What reports are made with, loaded when one is made: it is most of the code that a worker has, and it starts sooner without. */
async function loadReports() {
  const [{ experimentResult }, { resultsTable }, { tableMarkdown }, { writeReport }] = await Promise.all([
    import('./experiment-result.ts'),
    import('../reports/results-table.ts'),
    import('../reports/table-markdown.ts'),
    import('../reports/write-report.ts'),
  ]);
  return { experimentResult, resultsTable, tableMarkdown, writePages: writeReport };
}
