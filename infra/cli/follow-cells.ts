// Shows how the cells of a running experiment get on: bars on a terminal, a line now and then without one.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { CellOutcome } from '../../activities/reference.ts';
import type { Cell } from '../../experiments/experiment.ts';
import { type CellProgress, cellProgress, stepProgress } from './cell-progress.ts';
import { followMany } from './follow-many.ts';
import { progressBars } from './progress-bars.ts';
import { progressLines } from './progress-lines.ts';

const pollMs = 1_000;
const answerWithinMs = 5_000;
const mostShown = 100; // cells, each asked after by itself

/** Polls what the workflow makes and shows it until the signal aborts; errors of the server are left to those who wait for the result. */
export async function followCells(
  client: Client,
  workflowId: string,
  cells: Cell[],
  { signal, quiet }: { signal: AbortSignal; quiet: boolean },
): Promise<void> {
  const sweep = client.workflow.getHandle(workflowId);
  const { startTime } = await sweep.describe();
  if (quiet) return;
  if (cells.length > mostShown) return followMany(client, cells, startTime, signal);
  const display = process.stderr.isTTY ? progressBars(cells) : progressLines();
  const ended = new Set<string>();
  // a server that is away answers later, or never
  const ask = <T>(question: () => Promise<T>, deadline: number) =>
    client.connection.withDeadline(deadline, question).catch(() => undefined);
  const progressOf = (cell: Cell, deadline: number) =>
    ask(() => cellProgress(client, cell, startTime), deadline);
  let isKeptKnown = false;
  const showKept = async (deadline: number) => {
    if (isKeptKnown) return;
    const kept = await ask(() => sweep.query<CellOutcome[] | undefined, []>('keptCells'), deadline);
    isKeptKnown = kept !== undefined;
    for (const outcome of kept ?? []) {
      display.show({ address: outcome.address, status: outcome.status, outcome });
      ended.add(outcome.address);
    }
  };
  const open = () => cells.filter(({ address }) => !ended.has(address));
  try {
    while (!signal.aborted) {
      await showKept(Date.now() + answerWithinMs);
      const shared = await ask(async () => stepProgress(await sweep.describe()), Date.now() + answerWithinMs);
      for (const cell of open()) {
        const progress = await progressOf(cell, Date.now() + answerWithinMs);
        if (signal.aborted) break;
        if (!progress) continue;
        display.show(orShared(cell, progress, shared));
        if (progress.outcome) ended.add(cell.address);
      }
      await sleep(pollMs, undefined, { signal }).catch(() => {});
    }
    const deadline = Date.now() + answerWithinMs;
    await showKept(deadline);
    for (const cell of open()) {
      const progress = await progressOf(cell, deadline);
      if (progress?.outcome) display.show(progress);
    }
  } finally {
    display.close();
  }
}

/** A cell that has not begun waits for a step that its sweep makes for several. */
function orShared(
  { steps }: Cell,
  progress: CellProgress,
  shared: Omit<CellProgress, 'address'> | undefined,
): CellProgress {
  const isAwaited = progress.status === 'waiting' && steps.some(({ step }) => step === shared?.step);
  return isAwaited ? { ...progress, ...shared } : progress;
}
