// How long a step still takes, where it says how far it is but not that.
import type { StepProgress } from './step-work.ts';

const leastSeconds = 2; // before that, a rate says nothing

/** Adds the time left to what is reported of one step, from the rate so far; what the step itself says of it stays. */
export function timeLeft(now: () => number = Date.now): (progress: StepProgress) => StepProgress {
  let first: { fraction: number; atMs: number } | undefined;
  return progress => {
    const { fraction, secondsLeft } = progress;
    if (fraction === undefined || secondsLeft !== undefined) return progress;
    if (!first || fraction < first.fraction) first = { fraction, atMs: now() };
    const seconds = (now() - first.atMs) / 1000;
    const done = fraction - first.fraction;
    if (done <= 0 || seconds < leastSeconds) return progress;
    return { ...progress, secondsLeft: (seconds / done) * (1 - fraction) };
  };
}
