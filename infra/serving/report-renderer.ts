// Renders the pages of an experiment again when a cell has ended and somebody looks: in a process of its own, one at a time.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { LiveCell } from '../../reports/live/live-state.ts';
import { logsFolder, packageRoot, reportFolder } from '../home.ts';

export interface ReportRenderer {
  /**
   * When the pages were rendered (ISO 8601), '' before the first time. Starts to render them where they are older than the
   * newest cell; `mayRender` is false while somebody else is about to.
   */
  lookAfter(experiment: string, cells: readonly LiveCell[], mayRender: boolean): Promise<string>;
  close(): void;
}

export function openReportRenderer(): ReportRenderer {
  const closing = new AbortController();
  const tried = new Map<string, string>();
  let busy = false;

  function render(experiment: string): void {
    busy = true;
    const log = openLog(experiment);
    const child = spawn(
      process.execPath,
      [path.join(packageRoot, 'infra', 'simcne.js'), 'report', experiment, '--quiet'],
      { stdio: ['ignore', log, log], signal: closing.signal },
    );
    child.on('error', () => {}); // closed meanwhile
    child.once('spawn', () => os.setPriority(child.pid!, os.constants.priority.PRIORITY_LOW));
    child.once('close', () => {
      busy = false;
      closeSync(log);
    });
  }

  return {
    async lookAfter(experiment, cells, mayRender) {
      const page = await stat(path.join(reportFolder(experiment), 'index.html')).catch(() => undefined);
      const [newest = ''] = cells
        .flatMap(({ finishedAt }) => finishedAt ?? [])
        .sort()
        .reverse();
      const renderedAt = page?.mtime.toISOString() ?? '';
      const isNews = renderedAt === '' || renderedAt < newest;
      if (isNews && mayRender && !busy && tried.get(experiment) !== newest) {
        tried.set(experiment, newest); // once for each cell that ends: what cannot be rendered is not tried for ever
        render(experiment);
      }
      return renderedAt;
    },
    close: () => closing.abort(),
  };
}

function openLog(experiment: string): number {
  mkdirSync(logsFolder(), { recursive: true });
  return openSync(path.join(logsFolder(), `report-${experiment}.log`), 'a');
}
