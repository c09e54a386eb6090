// Shows how the cells of a running experiment get on: bars on a terminal, a line now and then without one.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import cliProgress from 'cli-progress';
import type { Cell } from '../../experiments/experiment.ts';
import { type CellProgress, cellProgress } from './cell-progress.ts';
import { duration } from './output.ts';

const pollMs = 1_000;
const lineMs = 20_000; // without a terminal: a line of progress that often

interface Display {
  show(progress: CellProgress): void;
  close(): void;
}

/** Polls and shows until the signal aborts; errors of the server are left to those who wait for the result. */
export async function followCells(
  client: Client,
  experiment: string,
  cells: Cell[],
  { signal, quiet }: { signal: AbortSignal; quiet: boolean },
): Promise<void> {
  const { startTime } = await client.workflow.getHandle(experiment).describe();
  if (quiet) return;
  const display = process.stderr.isTTY ? bars(cells) : lines();
  const ended = new Set<string>();
  try {
    while (!signal.aborted) {
      for (const cell of cells.filter(({ address }) => !ended.has(address))) {
        const progress = await cellProgress(client, cell, startTime).catch(() => undefined);
        if (!progress || signal.aborted) continue;
        display.show(progress);
        if (progress.outcome) ended.add(cell.address);
      }
      await sleep(pollMs, undefined, { signal }).catch(() => {});
    }
    for (const cell of cells.filter(({ address }) => !ended.has(address))) {
      const progress = await cellProgress(client, cell, startTime).catch(() => undefined);
      if (progress?.outcome) display.show(progress);
    }
  } finally {
    display.close();
  }
}

function bars(cells: Cell[]): Display {
  const width = Math.max(...cells.map(cell => cell.address.length));
  const multiBar = new cliProgress.MultiBar(
    {
      format: '{address} {bar} {text}',
      hideCursor: true,
      barsize: 24,
      linewrap: false,
      stream: process.stderr,
    },
    cliProgress.Presets.shades_grey,
  );
  const byAddress = new Map(
    cells.map(({ address }) => [
      address,
      multiBar.create(1, 0, { address: address.padEnd(width), text: 'waiting' }),
    ]),
  );
  return {
    show: progress =>
      byAddress.get(progress.address)?.update(progress.outcome ? 1 : (progress.progress?.fraction ?? 0), {
        text: describe(progress),
      }),
    close: () => multiBar.stop(),
  };
}

function lines(): Display {
  const shown = new Map<string, { stage: string; at: number }>();
  return {
    show(progress) {
      const stage = `${progress.status} ${progress.step ?? ''} ${progress.attempt ?? ''}`;
      const last = shown.get(progress.address);
      const isNews = last?.stage !== stage;
      const isDue = progress.status === 'running' && Date.now() - (last?.at ?? 0) >= lineMs;
      if (!isNews && !isDue) return;
      shown.set(progress.address, { stage, at: Date.now() });
      if (progress.status === 'waiting' || progress.status === 'queued') return;
      process.stderr.write(`${progress.address}: ${describe(progress)}\n`);
    },
    close: () => {},
  };
}

/** A cell's progress in one line. */
export function describe({ status, step, attempt = 1, progress, error, outcome }: CellProgress): string {
  if (outcome?.status === 'done') {
    const origin = outcome.reused ? 'reused' : duration(outcome.seconds);
    return `kNN ${(100 * outcome.knn!).toFixed(1)} %, silhouette ${outcome.silhouette!.toFixed(2)} (${origin})`;
  }
  if (outcome) return `${status}: ${error}`;
  if (!step) return status;
  const left = progress?.secondsLeft === undefined ? '' : `, ${duration(progress.secondsLeft)} left`;
  const again = attempt > 1 ? `, attempt ${attempt} (${error?.split('\n')[0] ?? 'lost its worker'})` : '';
  return `${step}: ${progress?.text ?? status}${left}${again}`;
}
