// Shows how a run gets on: a bar on a terminal, a line now and then without one; and its first trained picture as soon as there is one.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { MachineRate } from '../../activities/forecast.ts';
import type { CellOutcome } from '../../activities/reference.ts';
import type { Cell } from '../../experiments/experiment.ts';
import { type CellProgress, cellProgress, stepProgress } from './cell-progress.ts';
import { isFirstPicture, sayFirstPicture } from './first-picture.ts';
import { followMany } from './follow-many.ts';
import { progressBar } from './progress-bar.ts';
import { progressLines } from './progress-lines.ts';
import { openRunTime } from './run-time.ts';
import { withSharedStep } from './shared-step.ts';

const pollMs = 1_000;
const answerWithinMs = 5_000;
const mostShown = 100; // cells, each asked after by itself

export interface FollowedRun {
  experiment: string;
  cells: Cell[];
  /** Whether it makes again what is there. */
  isForced: boolean;
  /** Of a trial of this machine. */
  rate?: MachineRate;
}

/** Polls what the workflow makes and shows it until the signal aborts; errors of the server are left to those who wait for the result. */
export async function followCells(
  client: Client,
  workflowId: string,
  run: FollowedRun,
  { signal, quiet }: { signal: AbortSignal; quiet: boolean },
): Promise<void> {
  const { cells, experiment } = run;
  const { startTime: since } = await client.workflow.getHandle(workflowId).describe();
  if (quiet) return;
  if (cells.length > mostShown) return followMany(client, cells, since, signal);
  const time = await openRunTime(cells, run);
  const display = process.stderr.isTTY ? progressBar(experiment) : progressLines(experiment);
  const known = new Map<string, CellProgress>();
  let firstPicture: Promise<void> | undefined;
  const look = openLook(client, workflowId, { cells, since }, progress => {
    known.set(progress.address, progress);
    display.show(progress);
    if (!firstPicture && isFirstPicture(cells, progress)) {
      firstPicture = sayFirstPicture(display, experiment, progress, { since, signal });
    }
  });
  try {
    while (!signal.aborted) {
      await look({ until: signal });
      display.showRun(await time.state(known));
      await sleep(pollMs, undefined, { signal }).catch(() => {});
    }
    await look({ deadline: Date.now() + answerWithinMs });
    await firstPicture;
  } finally {
    display.close();
  }
}

/**
 * Looks at the cells that have not ended and tells what each does, until a signal aborts; or once more, by a deadline, those that
 * have ended. A server that is away answers later, or never.
 */
function openLook(
  client: Client,
  workflowId: string,
  { cells, since }: { cells: readonly Cell[]; since: Date },
  onProgress: (progress: CellProgress) => void,
) {
  const sweep = client.workflow.getHandle(workflowId);
  const open = new Map(cells.map(cell => [cell.address, cell]));
  const tell = (progress: CellProgress) => {
    if (progress.outcome) open.delete(progress.address);
    onProgress(progress);
  };
  let isKeptKnown = false;
  return async ({ until, deadline }: { until?: AbortSignal; deadline?: number }) => {
    const ask = <T>(question: () => Promise<T>) =>
      client.connection
        .withDeadline(deadline ?? Date.now() + answerWithinMs, question)
        .catch(() => undefined);
    if (!isKeptKnown) {
      const kept = await ask(() => sweep.query<CellOutcome[] | undefined, []>('keptCells'));
      isKeptKnown = kept !== undefined;
      for (const outcome of kept ?? []) tell({ address: outcome.address, status: outcome.status, outcome });
    }
    const shared = await ask(async () => stepProgress(await sweep.describe()));
    for (const cell of [...open.values()]) {
      const progress = await ask(() => cellProgress(client, cell, since));
      if (until?.aborted) return;
      if (progress && (until || progress.outcome)) tell(withSharedStep(cell, progress, shared));
    }
  };
}
