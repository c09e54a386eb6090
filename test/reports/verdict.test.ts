// Verdicts on made-up results: some that repeat the paper's numbers, some that do not.
import { describe, expect, it } from 'vitest';
import { paperDatasets, paperRows, table2, table3 } from '../../experiments/paper-numbers.ts';
import type { CellResult, ExperimentResult } from '../../reports/result.ts';
import { resultsTable } from '../../reports/table/results-table.ts';
import { judgeTextClaims, type ScoredRow } from '../../reports/table/text-claim-verdict.ts';

/** A run of the whole paper that gives the printed means, one cell a row, and CIFAR-10's beside it. */
function printedRun(profile = 'paper', change: (address: string) => Partial<CellResult> = () => ({})) {
  const cells = paperDatasets.flatMap((dataset, column) =>
    paperRows.map(({ method, augmentation }, row): CellResult => {
      const address = [dataset, method, augmentation].filter(Boolean).join('/');
      return {
        ...{
          address,
          dataset,
          method,
          augmentation: augmentation ?? undefined,
          seed: 1,
          status: 'done',
          asInPaper: profile === 'paper',
          steps: [],
        },
        knn: table2.values[row][column].mean / 100,
        silhouette: table3.values[row][column].mean,
        ...change(address),
      };
    }),
  );
  const control = ([augmentation, knn]: readonly [string, number]): CellResult => {
    const address = `cifar10/t-simcne/${augmentation}`;
    return {
      ...{
        address,
        dataset: 'cifar10',
        method: 't-simcne',
        augmentation,
        seed: 1,
        status: 'done',
        asInPaper: profile === 'paper',
        steps: [],
      },
      ...{ knn, silhouette: 0.1, ...change(address) },
    };
  };
  const facts = { experiment: 'paper', title: '', madeAt: '', codeVersion: '', scaledSettings: [] };
  const natural = (
    [
      ['default', 0.89],
      ['rot90', 0.76],
    ] as const
  ).map(control);
  const result: ExperimentResult = {
    ...facts,
    profile,
    cells: [...cells, ...natural],
    datasets: {},
    attempts: [],
    table1: [],
  };
  return resultsTable(result);
}

const verdictsOf = (table: ReturnType<typeof printedRun>) =>
  table.rows.flatMap(({ verdicts }) =>
    [verdicts.knn, verdicts.silhouette].flatMap(one => one?.verdict ?? []),
  );

describe('a verdict on a printed number', () => {
  it('is "reproduced" for all 92, when a run gives what is printed', () => {
    expect(verdictsOf(printedRun())).toEqual(Array(92).fill('reproduced'));
  });

  it('says how far a score is off that lies beyond its tolerance, and lets pass what lies within', () => {
    const off = printedRun('paper', address => {
      if (address === 'leukemia/t-simcne/rot90') return { knn: 0.918, silhouette: 0.14 };
      return address === 'bloodmnist/t-simcne/randrot' ? { knn: 0.93, silhouette: 0.3 } : {};
    });
    expect(verdictsOf(off).filter(verdict => verdict === 'off')).toHaveLength(2);
    expect(off.rows[1].note).toBe('kNN off by −2.2, silhouette reproduced');
    expect(off.rows[11].verdicts.silhouette).toMatchObject({ text: 'off by −0.20', place: 'Table 3' });
  });

  it('is "not comparable (scaled)" whatever the numbers of a scaled experiment, and keeps the difference', () => {
    const { rows } = printedRun('scaled');
    expect(new Set(rows.map(({ note }) => note))).toEqual(new Set(['not comparable (scaled)']));
    expect(rows[0].verdicts.knn?.difference).toBeCloseTo(0, 10);
  });

  it('is given within a scaled experiment to rows that are made as in the paper', () => {
    const { rows } = printedRun('scaled', address => ({ asInPaper: address.endsWith('pixels-tsne') }));
    expect(rows[6].note).toBe('reproduced');
    expect(rows[5].note).toBe('not comparable (scaled)');
  });

  it('is "not run" without a number, and none where the paper prints none', () => {
    const missing = { status: 'missing', knn: undefined, silhouette: undefined } as const;
    const { rows } = printedRun('paper', address => (address === 'pcam16/pixels-tsne' ? missing : {}));
    expect(rows.find(row => row.dataset === 'pcam16' && row.method === 'pixels-tsne')?.note).toBe(
      'not run; missing',
    );
    expect(rows.at(-1)?.verdicts.silhouette).toBeNull(); // CIFAR-10: no silhouette is printed
  });
});

describe('the claims of the text', () => {
  const verdicts = (change?: (address: string) => Partial<CellResult>) =>
    new Map(printedRun('paper', change).claims.map(({ id, verdict }) => [id, verdict]));

  it('hold on the printed numbers', () => {
    const byId = verdicts();
    expect([...byId.keys()]).toHaveLength(11);
    for (let i = 1; i <= 8; i++) expect([i, byId.get(`C${i}`)]).toEqual([i, 'reproduced']);
    for (const id of ['C9', 'C10', 'C11']) expect(byId.get(id)).toBe('not in the scores');
  });

  it.each([
    ['C1', 'leukemia/resnet18-tsne', { knn: 0.9 }],
    ['C2', 'leukemia/t-simcne/randrot', { silhouette: 0.12 }],
    ['C3', 'bloodmnist/pixels-tsne', { silhouette: 0.6 }],
    ['C4', 'leukemia/simclr-tsne/rot90', { silhouette: 0.3 }],
    ['C5', 'pathmnist/resnet152-tsne', { knn: 0.99 }],
    ['C6', 'pcam16/resnet18-tsne', { silhouette: 0.2 }],
    ['C7', 'dermamnist/t-simcne/rot90', { knn: 0.9 }],
    ['C8', 'cifar10/t-simcne/rot90', { knn: 0.88 }],
  ])('%s does not hold when %s scores %j', (id, place, scores) => {
    expect(verdicts(address => (address === place ? scores : {})).get(id)).toBe('not reproduced');
  });

  it('wait for numbers that lack, and show their numbers', () => {
    const missing = { status: 'missing', knn: undefined, silhouette: undefined } as const;
    const { claims } = printedRun('paper', address => (address === 'leukemia/pixels-tsne' ? missing : {}));
    expect(claims[0]).toMatchObject({ verdict: 'not run', holds: null, evidence: [] });
    expect(claims[1].evidence[0]).toBe('leukemia, kNN: 86.7 < 94.0 < 95.2');
  });

  it('are put to the datasets that there are, and of a scaled run say whether they show', () => {
    const rows: ScoredRow[] = printedRun().rows.filter(row => row.dataset === 'bloodmnist');
    const claims = judgeTextClaims(rows, 'scaled');
    expect(claims.map(({ id }) => id)).toEqual(['C3', 'C4']);
    expect(claims[0].text).toBe('not comparable (scaled); shows here');
  });
});
