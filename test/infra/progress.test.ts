// What people see of a run at the command line: news without a terminal, the time left on one.
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import type { CellOutcome } from '../../activities/reference.ts';
import type { CellProgress } from '../../infra/cli/cell-progress.ts';
import { progressBar } from '../../infra/cli/progress-bar.ts';
import { progressLines } from '../../infra/cli/progress-lines.ts';

const address = 'bloodmnist/t-simcne/rot90/seed-1';
const training = (text: string, secondsLeft?: number): CellProgress => ({
  address,
  status: 'running',
  step: 'train',
  progress: { text, secondsLeft, fraction: 0.5, key: 'k', log: '' },
});

/** The lines of a run that begins at 100 s, and what they write when it is told the time. */
function writtenLines() {
  const written: string[] = [];
  let seconds = 100;
  const lines = progressLines(
    'quick',
    line => written.push(line),
    () => 1000 * seconds,
  );
  const linesAt = (at: number) => {
    seconds = at;
    return lines;
  };
  return { written, linesAt };
}

it('says without a terminal what is new, now and then, and nothing twice', () => {
  const { written, linesAt } = writtenLines();
  const show = (at: number, progress: CellProgress) => linesAt(at).show(progress);
  show(100, training('starting'));
  show(130, training('starting')); // nothing new
  show(131, training('epoch 1/50', 300));
  show(141, training('epoch 2/50', 290)); // too soon
  show(152, training('epoch 3/50', 280));
  show(180, training('epoch 3/50', 260)); // only the clock went on
  expect(written).toEqual([
    `${address}: train: starting\n`,
    `${address}: train: epoch 1/50, 5 min 00 s left\n`,
    `${address}: train: epoch 3/50, 4 min 40 s left\n`,
  ]);
});

it('names a failure in one line, and leaves why to the table', () => {
  const written: string[] = [];
  const outcome: CellOutcome = {
    ...{ address, status: 'unavailable', seconds: 0, reused: false, steps: [] },
    failure: { step: 'fetch-weights', name: 'Unavailable', lines: [], log: '' },
  };
  const error = 'fetch-weights: no source gave the file\n  - https://example.org: HTTP 404';
  progressLines('quick', line => written.push(line)).show({ address, status: 'unavailable', error, outcome });
  expect(written).toEqual([`${address}: unavailable (Unavailable in fetch-weights)\n`]);
});

it('says without a terminal how long all still takes, now and then', () => {
  const { written, linesAt } = writtenLines();
  const show = (at: number, secondsLeft?: number) =>
    linesAt(at).showRun({ ended: 2, cells: 12, secondsLeft, fraction: secondsLeft && 0.345 });
  show(101, 600); // too soon
  show(131); // not known
  show(132, 500);
  show(150, 480); // too soon
  expect(written).toEqual(['quick: 34 %, 2 of 12 cells, 8 min 20 s left\n']);
});

it('shows one bar on a terminal of 80 columns, with the time left of the whole run; cells stand above as they end', async () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  const bar = progressBar('quick', stream as unknown as NodeJS.WriteStream);
  const other = 'bloodmnist/pixels-tsne';
  const outcome: CellOutcome = {
    ...{ address: other, status: 'done', knn: 0.6, silhouette: -0.01, seconds: 5, reused: false, steps: [] },
  };
  bar.show(training('epoch 12/50', 100));
  bar.show({ address: other, status: 'done', outcome });
  bar.showRun({ ended: 1, cells: 2, fraction: 0.5, secondsLeft: 200 });
  bar.showRun({ ended: 1, cells: 2, secondsLeft: 200 }); // how much that is nobody knows now
  let shown = '';
  stream.on('data', piece => {
    shown += piece;
  });
  const line = /quick █{5}░{5} 3 min 20 s left +1 of 2 cells; bloodmn/g;
  await expect.poll(() => shown).toMatch(line); // it draws now and then
  bar.close();
  expect(shown).toContain(`${other}: kNN 60.0 %, silhouette -0.01 (5 s)\n`);
  expect(shown.match(line)).toHaveLength(1);
});
