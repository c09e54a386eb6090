import { expect, test } from 'vitest';
import { timeLedger } from '../../reports/time-ledger.ts';

test('an artifact that three cells use is paid for once, and spared twice', () => {
  const shared = { step: 'prepare', key: 'p', seconds: 4 };
  const cells = ['a', 'b', 'c'].map((key, i) => ({
    steps: [shared, { step: 'train', key, seconds: 10 * (i + 1) }],
  }));
  expect(timeLedger(cells)).toEqual([
    { step: 'prepare', made: 1, seconds: 4, uses: 3, sparedSeconds: 8 },
    { step: 'train', made: 3, seconds: 60, uses: 3, sparedSeconds: 0 },
    { step: 'all', made: 4, seconds: 64, uses: 6, sparedSeconds: 8 },
  ]);
});

test('nothing has cost nothing', () => {
  expect(timeLedger([{ steps: [] }])).toEqual([]);
});
