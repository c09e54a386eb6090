// Progress without a terminal: a line when a cell goes on to something else, and now and then what is new, and how long all still takes.
import { describe, type RunDisplay } from './describe-progress.ts';
import { duration } from './output.ts';

const lineMs = 20_000;
const runMs = 30_000;

/** `write` is given whole lines; a line that says what the last one of its cell said is not written. */
export function progressLines(
  name: string,
  write: (line: string) => void = line => process.stderr.write(line),
  now: () => number = Date.now,
): RunDisplay {
  const shown = new Map<string, { stage: string; text: string; atMs: number }>();
  let runShownAt = now();
  return {
    show(progress) {
      const { address, status, step, attempt } = progress;
      const stage = `${status} ${step ?? ''} ${attempt ?? ''}`;
      const text = describe(progress, { left: false });
      const last = shown.get(address);
      const isNews = last?.stage !== stage;
      const isDue = status === 'running' && text !== last?.text && now() - (last?.atMs ?? 0) >= lineMs;
      if (!isNews && !isDue) return;
      shown.set(address, { stage, text, atMs: now() });
      if (status === 'waiting' || status === 'queued') return;
      write(`${address}: ${describe(progress)}\n`);
    },
    showRun({ ended, cells, fraction, secondsLeft }) {
      if (secondsLeft === undefined || fraction === undefined || now() - runShownAt < runMs) return;
      runShownAt = now();
      const percent = Math.floor(100 * fraction);
      write(`${name}: ${percent} %, ${ended} of ${cells} cells, ${duration(secondsLeft)} left\n`);
    },
    say: line => write(`${line}\n`),
    close: () => {},
  };
}
