// The ledger of time for a terminal.
import type { ExperimentLedger } from '../../activities/experiment-ledger.ts';
import { alignColumns, duration } from './output.ts';

/** A line a step, and what was lost to what; an empty text where nothing was done. */
export function ledgerText({ experiment, steps, losses }: ExperimentLedger): string {
  if (steps.length === 0) return '';
  const lost = losses.map(({ cause, attempts, seconds }) => `${cause} (${attempts}, ${time(seconds)})`);
  return [
    alignColumns([
      [`time of ${experiment}`, 'made', 'attempts', 'useful', 'lost', 'saved'],
      ...steps.map(
        ({ step, made, attempts, usefulSeconds, lostSeconds, savedByHits, savedByCheckpoints }) => [
          step,
          String(made),
          String(attempts),
          time(usefulSeconds),
          time(lostSeconds),
          time(savedByHits + savedByCheckpoints),
        ],
      ),
    ]),
    ...(lost.length > 0 ? [`lost to ${lost.join(', ')}`] : []),
  ].join('\n');
}

/** Tenths of a second count where there are few. */
function time(seconds: number): string {
  return seconds > 0 && seconds < 10 ? `${seconds.toFixed(1)} s` : duration(seconds);
}
