// Progress without a terminal: a line when a cell goes on to something else, and now and then what is new.
import { type CellDisplay, describe } from './describe-progress.ts';

const lineMs = 20_000;

/** `write` is given whole lines; a line that says what the last one of its cell said is not written. */
export function progressLines(
  write: (line: string) => void = line => process.stderr.write(line),
  now: () => number = Date.now,
): CellDisplay {
  const shown = new Map<string, { stage: string; text: string; atMs: number }>();
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
    close: () => {},
  };
}
