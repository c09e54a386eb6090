// How the progress of cells reads.
import { durationText } from '../table/score-text.ts';
import { isOpen, type LiveCell, type LiveState } from './live-state.ts';

/** `5 of 9 cells done, 1 failed, 1 running, 2 waiting`. */
export function countsText(cells: readonly LiveCell[]): string {
  const count = (...statuses: LiveCell['status'][]) =>
    cells.filter(({ status }) => statuses.includes(status)).length;
  const others: [number, string][] = [
    [count('failed'), 'failed'],
    [count('unavailable'), 'unavailable'],
    [count('running'), 'running'],
    [count('queued', 'waiting'), 'waiting'],
  ];
  return [
    `${count('done')} of ${cells.length} cells done`,
    ...others.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`),
  ].join(', ');
}

/** `about 4 min left`; an empty text where nobody knows. */
export function leftText({ secondsLeft }: Pick<LiveState, 'secondsLeft'>): string {
  if (secondsLeft === undefined) return '';
  if (secondsLeft < 60) return 'less than a minute left';
  const minutes = Math.round(secondsLeft / 60);
  return minutes < 60 ? `about ${minutes} min left` : `about ${durationText(60 * minutes)} left`;
}

/** `train 45 %`, `train waits for a worker`, `train paused`, `waiting`. */
export function stepText({ status, step, text, fraction }: LiveCell): string {
  if (!step) return status === 'running' ? 'starting' : 'waiting';
  if (status === 'queued') return `${step} ${text ?? 'waits for a worker'}`;
  return fraction === undefined ? step : `${step} ${Math.floor(100 * fraction)} %`;
}

/** Whether it may change without anybody's doing. */
export const runs = ({ cells }: LiveState): boolean => cells.some(isOpen);
