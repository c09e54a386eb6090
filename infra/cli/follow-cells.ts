// Shows how the cells of a running experiment get on: bars on a terminal, a line now and then without one.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { CellOutcome } from '../../activities/reference.ts';
import type { Cell } from '../../experiments/experiment.ts';
import { cellProgress } from './cell-progress.ts';
import { progressBars } from './progress-bars.ts';
import { progressLines } from './progress-lines.ts';

const pollMs = 1_000;
const answerWithinMs = 5_000;

/** Polls what the workflow makes and shows it until the signal aborts; errors of the server are left to those who wait for the result. */
export async function followCells(
  client: Client,
  workflowId: string,
  cells: Cell[],
  { signal, quiet }: { signal: AbortSignal; quiet: boolean },
): Promise<void> {
  const { startTime } = await client.workflow.getHandle(workflowId).describe();
  if (quiet) return;
  const display = process.stderr.isTTY ? progressBars(cells) : progressLines();
  const ended = new Set<string>();
  // a server that is away answers later, or never
  const progressOf = (cell: Cell, deadline: number) =>
    client.connection
      .withDeadline(deadline, () => cellProgress(client, cell, startTime))
      .catch(() => undefined);
  let isKeptKnown = false;
  const showKept = async (deadline: number) => {
    if (isKeptKnown) return;
    const kept = await keptCells(client, workflowId, deadline);
    isKeptKnown = kept !== undefined;
    for (const outcome of kept ?? []) {
      display.show({ address: outcome.address, status: outcome.status, outcome });
      ended.add(outcome.address);
    }
  };
  try {
    while (!signal.aborted) {
      await showKept(Date.now() + answerWithinMs);
      for (const cell of cells.filter(({ address }) => !ended.has(address))) {
        const progress = await progressOf(cell, Date.now() + answerWithinMs);
        if (signal.aborted) break;
        if (!progress) continue;
        display.show(progress);
        if (progress.outcome) ended.add(cell.address);
      }
      await sleep(pollMs, undefined, { signal }).catch(() => {});
    }
    const deadline = Date.now() + answerWithinMs;
    await showKept(deadline);
    for (const cell of cells.filter(({ address }) => !ended.has(address))) {
      const progress = await progressOf(cell, deadline);
      if (progress?.outcome) display.show(progress);
    }
  } finally {
    display.close();
  }
}

/** The cells that were there already; undefined as long as that is not known, or the server is away. */
function keptCells(client: Client, workflowId: string, deadline: number): Promise<CellOutcome[] | undefined> {
  const ask = () => client.workflow.getHandle(workflowId).query<CellOutcome[] | undefined, []>('keptCells');
  return client.connection.withDeadline(deadline, ask).catch(() => undefined);
}
