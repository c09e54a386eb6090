// A cell's progress in words, and what shows it.
import type { CellProgress } from './cell-progress.ts';
import { duration } from './output.ts';

/** How far a run is. */
export interface RunState {
  /** Cells that have ended, of so many. */
  ended: number;
  cells: number;
  /** 0 … 1, of its time; nothing where the time left cannot be said. */
  fraction?: number;
  secondsLeft?: number;
}

/** Where the progress of a run is shown. */
export interface RunDisplay {
  /** What a cell does now. */
  show(progress: CellProgress): void;
  showRun(state: RunState): void;
  say(line: string): void;
  close(): void;
}

/** A cell's progress in one line; the time left can be left to others, as why it failed is to the table. */
export function describe(
  { status, step, attempt = 1, progress, error, outcome }: CellProgress,
  { left: withLeft = true } = {},
): string {
  if (outcome?.status === 'done') {
    const origin = outcome.reused ? 'reused' : duration(outcome.seconds);
    const { knn, silhouette } = outcome;
    if (knn === undefined || silhouette === undefined) return `no classes to score (${origin})`;
    return `kNN ${(100 * knn).toFixed(1)} %, silhouette ${silhouette.toFixed(2)} (${origin})`;
  }
  if (outcome?.failure) return `${status} (${outcome.failure.name} in ${outcome.failure.step})`;
  if (outcome) return [status, error?.split('\n', 1)[0]].filter(Boolean).join(': ');
  if (!step) return status;
  const { secondsLeft } = progress ?? {};
  const left = withLeft && secondsLeft !== undefined ? `, ${duration(secondsLeft)} left` : '';
  const again =
    attempt > 1
      ? `, attempt ${attempt} (${error?.split('\n')[0] ?? 'it was paused, or lost its worker'})`
      : '';
  return `${step}: ${progress?.text ?? status}${left}${again}`;
}
