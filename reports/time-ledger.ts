// Where an experiment's time went: each artifact was made once, however many cells use it.
import type { CellResult } from './result.ts';

/** All steps of one kind. */
export interface LedgerRow {
  readonly step: string;
  /** Artifacts of that kind, and the time that making them took. */
  readonly made: number;
  readonly seconds: number;
  /** How often a cell asked for one, and the time that it was spared because it was there. */
  readonly uses: number;
  readonly sparedSeconds: number;
}

/** In the order in which steps follow each other; the last row, `all`, is the sum. */
export function timeLedger(cells: readonly Pick<CellResult, 'steps'>[]): LedgerRow[] {
  const steps = new Map<string, { seconds: Map<string, number>; uses: number; asked: number }>();
  for (const { step, key, seconds } of cells.flatMap(cell => cell.steps)) {
    const known = steps.get(step) ?? { seconds: new Map<string, number>(), uses: 0, asked: 0 };
    known.seconds.set(key, seconds);
    steps.set(step, { ...known, uses: known.uses + 1, asked: known.asked + seconds });
  }
  const rows = [...steps].map(([step, { seconds, uses, asked }]): LedgerRow => {
    const spent = sum([...seconds.values()]);
    return { step, made: seconds.size, seconds: spent, uses, sparedSeconds: asked - spent };
  });
  if (rows.length === 0) return [];
  const total = (of: (row: LedgerRow) => number) => sum(rows.map(of));
  return [
    ...rows,
    {
      step: 'all',
      made: total(row => row.made),
      seconds: total(row => row.seconds),
      uses: total(row => row.uses),
      sparedSeconds: total(row => row.sparedSeconds),
    },
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
