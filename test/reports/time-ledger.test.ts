import { expect, test } from 'vitest';
import type { AttemptResult } from '../../reports/result.ts';
import { lossesByCause, lostSeconds, timeLedger } from '../../reports/time/time-ledger.ts';

const second = (at: number) => new Date(Date.UTC(2026, 0, 1) + 1000 * at).toISOString();

/** A training's attempt from second `at` on, that wrote a checkpoint, named by its epoch, at each of these seconds. */
function attempt(
  at: number,
  seconds: number,
  { wrote = {}, ...more }: Partial<AttemptResult> & { wrote?: Record<string, number> } = {},
): AttemptResult {
  return {
    ...{ key: 'k', step: 'train', experiment: 'quick', cell: 'c', attempt: 1, machine: 'm', log: '' },
    startedAt: second(at),
    seconds,
    outcome: 'interrupted',
    wentOnFrom: null,
    checkpoints: Object.entries(wrote).map(([name, seconds]) => ({ name, seconds })),
    ...more,
  };
}

const ledgerOf = (...attempts: AttemptResult[]) =>
  timeLedger({ experiment: 'quick', cells: [], attempts }).at(-1);
const lost = (...attempts: AttemptResult[]) => [...lostSeconds(attempts).values()];

test('a killed training loses what it did after the checkpoint that the next one went on from', () => {
  const killed = attempt(0, 50, { wrote: { e1: 20, e2: 40 }, error: 'ChildDied' });
  const next = attempt(60, 30, { wentOnFrom: 'e2', outcome: 'made' });
  expect(lost(killed, next)).toEqual([10, 0]);
  expect(ledgerOf(killed, next)).toMatchObject({
    ...{ made: 1, attempts: 2, usefulSeconds: 70, lostSeconds: 10, savedByCheckpoints: 40 },
  });
});

test('where the newest checkpoint was damaged, the loss reaches back to the one before it', () => {
  const killed = attempt(0, 50, { wrote: { e1: 20, e2: 40 } });
  const next = attempt(60, 50, { wentOnFrom: 'e1', outcome: 'made' });
  expect(lost(killed, next)).toEqual([30, 0]);
});

test('checkpoints are followed over several attempts; one that wrote none is lost whole', () => {
  const first = attempt(0, 50, { wrote: { e1: 30 } });
  const early = attempt(60, 5, { wentOnFrom: 'e1' });
  const unborn = attempt(70, 1, { wentOnFrom: undefined });
  const third = attempt(80, 50, { wentOnFrom: 'e1', wrote: { e2: 45 } });
  const last = attempt(140, 10, { wentOnFrom: 'e2', outcome: 'made' });
  expect(lost(first, early, unborn, third, last)).toEqual([20, 5, 1, 5, 0]);
  expect(ledgerOf(first, early, unborn, third, last)).toMatchObject({
    usefulSeconds: 85,
    savedByCheckpoints: 75,
  });
});

test('a checkpoint that two wrote alike was written by the later one', () => {
  const first = attempt(0, 50, { wrote: { e1: 20, e2: 40 } });
  const again = attempt(60, 50, { wentOnFrom: 'e1', wrote: { e2: 35 } });
  const last = attempt(120, 10, { wentOnFrom: 'e2', outcome: 'made' });
  expect(lost(first, again, last)).toEqual([30, 15, 0]);
});

test('of a checkpoint that its writer died before noting, the writer is the attempt before', () => {
  const killed = attempt(0, 40);
  const next = attempt(60, 30, { wentOnFrom: 'e2', outcome: 'made' });
  expect(lost(killed, next)).toEqual([0, 0]);
});

test('what waits to be gone on from is no loss up to its checkpoint, unless it failed for good; what runs is none', () => {
  expect(lost(attempt(0, 50, { wrote: { e1: 40 } }))).toEqual([10]);
  expect(lost(attempt(0, 50, { wrote: { e1: 40 }, outcome: 'cancelled' }))).toEqual([10]);
  expect(lost(attempt(0, 50, { wrote: { e1: 40 }, outcome: 'failed' }))).toEqual([50]);
  expect(lost(attempt(0, 50, { wrote: { e1: 40 }, outcome: 'running' }))).toEqual([0]);
  expect(lost(attempt(0, 9, { outcome: 'running', wentOnFrom: undefined }))).toEqual([0]);
});

test('what is made again, by force or because it was damaged, was done in vain before', () => {
  const made = attempt(0, 50, { outcome: 'made' });
  expect(lost(made, attempt(100, 20, { outcome: 'running' }))).toEqual([0, 0]); // it may come to nothing
  expect(lost(made, attempt(100, 55, { outcome: 'made' }))).toEqual([50, 0]);
  expect(lost(made, attempt(10, 45, { outcome: 'discarded' }))).toEqual([0, 45]);
});

test('losses are told by their cause, the largest first', () => {
  const attempts = [
    attempt(0, 5, { error: 'ChildDied' }),
    attempt(10, 7, { error: 'ChildDied' }),
    attempt(20, 3, { outcome: 'cancelled', error: 'CancelledFailure' }),
    attempt(30, 20, { outcome: 'made' }),
    attempt(60, 21, { outcome: 'made' }),
  ];
  expect(lossesByCause({ experiment: 'quick', cells: [], attempts })).toEqual([
    { cause: 'being made again', attempts: 1, seconds: 20 },
    { cause: 'ChildDied', attempts: 2, seconds: 12 },
    { cause: 'being stopped', attempts: 1, seconds: 3 },
  ]);
});

test('each experiment pays for its own attempts, and is spared those of others', () => {
  const other = attempt(0, 50, { experiment: 'desk', wrote: { e1: 40 } });
  const own = attempt(60, 30, { wentOnFrom: 'e1', outcome: 'made' });
  expect(ledgerOf(other, own)).toMatchObject({
    attempts: 1,
    usefulSeconds: 30,
    lostSeconds: 0,
    savedByCheckpoints: 40,
  });
  const [ofOther] = timeLedger({ experiment: 'desk', cells: [], attempts: [other, own] });
  expect(ofOther).toMatchObject({
    made: 0,
    attempts: 1,
    usefulSeconds: 40,
    lostSeconds: 10,
    savedByCheckpoints: 0,
  });
});

test('an artifact that three cells use is paid for once, and saved twice; so is what earlier runs found', () => {
  const prepare = attempt(0, 4, { key: 'p', step: 'prepare', outcome: 'made' });
  const cells = [false, true, true].map(reused => ({
    steps: [
      { step: 'prepare', key: 'p', seconds: 4, reused },
      { step: 'score', key: `old-${reused}`, seconds: 1, reused: false }, // made before attempts were recorded
    ],
    earlierHits: reused ? [{ step: 'score', hits: 3, seconds: 3 }] : [],
  }));
  expect(timeLedger({ experiment: 'quick', cells, attempts: [prepare] })).toMatchObject([
    { step: 'prepare', made: 1, attempts: 1, usefulSeconds: 4, hits: 2, savedByHits: 8 },
    { step: 'score', made: 2, attempts: 0, usefulSeconds: 2, hits: 6, savedByHits: 6 },
    { step: 'all', made: 3, attempts: 1, usefulSeconds: 6, lostSeconds: 0, hits: 8, savedByHits: 14 },
  ]);
});

test('nothing has cost nothing', () => {
  expect(timeLedger({ experiment: 'quick', cells: [{ steps: [] }], attempts: [] })).toEqual([]);
});
