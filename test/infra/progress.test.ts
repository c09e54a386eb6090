// What people see of a run at the command line: news without a terminal, the time left on one.
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { CellOutcome } from '../../activities/reference.ts';
import type { Cell } from '../../experiments/experiment.ts';
import type { CellProgress } from '../../infra/cli/cell-progress.ts';
import { progressBars } from '../../infra/cli/progress-bars.ts';
import { progressLines } from '../../infra/cli/progress-lines.ts';

const address = 'bloodmnist/t-simcne/rot90/seed-1';
const training = (text: string, secondsLeft?: number): CellProgress => ({
  address,
  status: 'running',
  step: 'train',
  progress: { text, secondsLeft, fraction: 0.5, key: 'k', log: '' },
});

it('says without a terminal what is new, now and then, and nothing twice', () => {
  const written: string[] = [];
  let seconds = 100;
  const lines = progressLines(
    line => written.push(line),
    () => 1000 * seconds,
  );
  const show = (at: number, progress: CellProgress) => {
    seconds = at;
    lines.show(progress);
  };
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
  progressLines(line => written.push(line)).show({ address, status: 'unavailable', error, outcome });
  expect(written).toEqual([`${address}: unavailable (Unavailable in fetch-weights)\n`]);
});

it('shows the time left on a terminal of 80 columns', async () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  const bars = progressBars([{ address } as Cell], stream as unknown as NodeJS.WriteStream);
  bars.show(training('epoch 12/50 (pretrain), loss 5.123, 1200 images/s', 100));
  await sleep(250); // it draws now and then
  bars.close();
  expect(String(stream.read())).toMatch(/seed-1 .{10} 1 min 40 s left +train: ep/);
});
