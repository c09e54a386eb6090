// How much of each attempt's time is in what stands now: attempts go on from each other's checkpoints, so the artifact that was made
// last is followed back through the checkpoints behind it. Whatever is not on that way was lost.
import type { AttemptResult } from '../result.ts';

/** Seconds of every attempt that count, given all attempts at one artifact in the order in which they began. */
export function usefulSeconds(attempts: readonly AttemptResult[]): Map<AttemptResult, number> {
  const kept = new Map<AttemptResult, number>(attempts.map(attempt => [attempt, 0]));
  const keep = (attempt: AttemptResult, seconds: number): void => {
    kept.set(attempt, Math.max(seconds, kept.get(attempt) ?? 0));
    const behind = attempt.wentOnFrom && checkpointWriter(attempts, attempt);
    if (behind) keep(behind.attempt, behind.seconds);
  };
  const made = attempts.findLastIndex(({ outcome }) => outcome === 'made');
  if (made >= 0) keep(attempts[made], attempts[made].seconds);
  const since = attempts.slice(made + 1);
  const furthest = since.findLast(
    ({ wentOnFrom, outcome }) => wentOnFrom !== undefined && outcome !== 'discarded',
  );
  if (furthest) keep(furthest, standingSeconds(furthest));
  for (const attempt of since) if (attempt.outcome === 'running') keep(attempt, attempt.seconds);
  return kept;
}

/** Of an attempt that nobody has gone on from yet: up to its last checkpoint, unless it failed for good. */
function standingSeconds({ outcome, seconds, checkpoints }: AttemptResult): number {
  if (outcome === 'running') return seconds;
  return outcome === 'failed' ? 0 : (checkpoints.at(-1)?.seconds ?? 0);
}

/**
 * Who wrote the checkpoint that an attempt went on from, and when. Where nobody noted it, the one before did, as it died: the
 * checkpoint is written first, its name noted then.
 */
function checkpointWriter(
  attempts: readonly AttemptResult[],
  reader: AttemptResult,
): { attempt: AttemptResult; seconds: number } | undefined {
  const before = attempts.slice(0, attempts.indexOf(reader));
  for (const attempt of before.toReversed()) {
    const checkpoint = attempt.checkpoints.find(({ name }) => name === reader.wentOnFrom);
    if (checkpoint) return { attempt, seconds: checkpoint.seconds };
  }
  const last = before.at(-1);
  return last && { attempt: last, seconds: last.seconds };
}
