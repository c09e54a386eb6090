// Numbers as readers see them: kNN accuracy with one decimal, silhouette with two, as in the paper; durations.

import type { Metric } from '../../experiments/paper-claims.ts';

const decimals = { knn: 1, silhouette: 2 } as const satisfies Record<Metric, number>;

export type { Metric };

/** `94.0 ± 0.3`, `−0.00`, or an empty text for no number. Minus is U+2212; minus zero keeps its sign, as printed. */
export function scoreText(metric: Metric, mean: number | null, sd: number | null = null): string {
  if (mean === null) return '';
  const sign = mean < 0 || Object.is(mean, -0) ? '−' : '';
  const text = sign + Math.abs(mean).toFixed(decimals[metric]);
  return sd === null ? text : `${text} ± ${sd.toFixed(decimals[metric])}`;
}

/** What stands in place of the scores of a cell that has none: how it ended, or that there was nothing to score. */
export function unscoredText(status: string): string {
  return status === 'done' ? 'no classes' : status;
}

/** `+1.2`, `−0.03`: how far a score lies from another; an empty text for no number. */
export function differenceText(metric: Metric, difference: number | null): string {
  if (difference === null) return '';
  return `${difference < 0 ? '' : '+'}${scoreText(metric, difference)}`;
}

/** `0.4 s`, `4 s`, `48 s`, `3 min 20 s`, `5 h 02 min`. */
export function durationText(seconds: number): string {
  if (seconds < 10 && !Number.isInteger(seconds)) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** `17,092`. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}
