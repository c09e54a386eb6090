// The results table: statistics by hand, the paper's numbers beside the right rows, statuses and notes.
import { describe, expect, it } from 'vitest';
import { paperDatasets, paperRows, table2, table3 } from '../../experiments/paper-numbers.ts';
import type { CellResult, ExperimentResult } from '../../reports/result.ts';
import { resultsTable } from '../../reports/table/results-table.ts';
import { tableMarkdown } from '../../reports/table/table-markdown.ts';
import { tableText } from '../../reports/table/table-text.ts';
import { madeUpResult } from './made-up-result.ts';

function cell(facts: Partial<CellResult>): CellResult {
  const common = { dataset: 'bloodmnist', method: 't-simcne', augmentation: 'rot90', seed: 1 } as const;
  return { ...common, address: '', status: 'done', asInPaper: true, steps: [], ...facts };
}

function experiment(...cells: CellResult[]): ExperimentResult {
  const facts = { experiment: 'paper', title: '', profile: 'paper', madeAt: '', codeVersion: '' };
  return { ...facts, scaledSettings: [], cells, datasets: {}, attempts: [], table1: [] };
}

describe('the results table', () => {
  it('gives mean, sample standard deviation and values over seeds, kNN in percent', () => {
    const [row] = resultsTable(
      experiment(
        cell({ seed: 3, knn: 0.96, silhouette: 0.5 }),
        cell({ seed: 1, knn: 0.9, silhouette: -0.1 }),
        cell({ seed: 2, knn: 0.93, silhouette: 0.2 }),
      ),
    ).rows;
    expect(row.seeds).toEqual([1, 2, 3]);
    expect(row.knn.values).toEqual([90, 93, 96]);
    expect(row.knn.mean).toBeCloseTo(93, 12);
    expect(row.knn.sd).toBeCloseTo(3, 12); // √((9 + 0 + 9) / 2)
    expect(row.silhouette.mean).toBeCloseTo(0.2, 12);
    expect(row.silhouette.sd).toBeCloseTo(0.3, 12);
  });

  it('has no deviation for one seed and no mean for none', () => {
    const [one] = resultsTable(experiment(cell({ knn: 0.5, silhouette: 0.25 }))).rows;
    expect([one.knn, one.silhouette]).toEqual([
      { mean: 50, sd: null, values: [50] },
      { mean: 0.25, sd: null, values: [0.25] },
    ]);
    const [none] = resultsTable(experiment(cell({ status: 'missing' }))).rows;
    expect(none.knn).toEqual({ mean: null, sd: null, values: [] });
  });

  it('puts the printed numbers beside all nine rows of all five datasets, in printed order', () => {
    const cells = paperDatasets.flatMap(dataset =>
      paperRows.map(({ method, augmentation }) =>
        cell({ dataset, method, augmentation: augmentation ?? undefined, knn: 0.5 }),
      ),
    );
    const { rows } = resultsTable(experiment(...cells.reverse()));
    expect(rows).toHaveLength(45);
    rows.forEach((row, i) => {
      const [column, line] = [Math.floor(i / 9), i % 9];
      expect(row.dataset).toBe(paperDatasets[column]);
      expect(row.method).toBe(paperRows[line].method);
      expect(row.augmentation).toBe(paperRows[line].augmentation);
      expect(row.paper).toEqual({
        knn: table2.values[line][column],
        silhouette: table3.values[line][column],
      });
    });
  });

  it('takes datasets that the paper has not, as they come, after those it has and without its numbers', () => {
    const { rows } = resultsTable(
      experiment(cell({ dataset: 'zoo' }), cell({ dataset: 'ants' }), cell({ dataset: 'pcam16' })),
    );
    expect(rows.map(row => [row.dataset, row.paper === null])).toEqual([
      ['pcam16', false],
      ['zoo', true],
      ['ants', true],
    ]);
  });

  it.each([
    [['done', 'failed', 'missing'], 'failed'],
    [['unavailable', 'missing', 'done'], 'missing'],
    [['done', 'unavailable'], 'unavailable'],
    [['done', 'done'], 'done'],
  ] as const)('calls a row of cells %j %s', (statuses, expected) => {
    const cells = statuses.map((status, i) => cell({ status, seed: i + 1 }));
    expect(resultsTable(experiment(...cells)).rows[0].status).toBe(expected);
  });

  it('says why numbers lack, and still gives those that are there', () => {
    const [row] = resultsTable(
      experiment(cell({ seed: 1, knn: 0.9 }), cell({ seed: 2, status: 'failed', reason: 'loss was NaN' })),
    ).rows;
    expect(row.lacking).toBe('seed 2 failed: loss was NaN');
    expect(row.note).toMatch(/^kNN off by −3\.0 \(1 of 2 seeds\), silhouette not run; seed 2 failed/);
    expect(row.knn).toEqual({ mean: 90, sd: null, values: [90] });
    const waiting = [1, 2, 3].map(seed => cell({ seed, status: 'missing', reason: 'not run yet' }));
    expect(resultsTable(experiment(...waiting)).rows[0].lacking).toBe('missing: not run yet');
    const [some] = resultsTable(experiment(cell({ seed: 4, knn: 0.9 }), ...waiting)).rows;
    expect(some.lacking).toBe('seeds 1, 2, 3 missing: not run yet');
  });

  it('survives JSON', () => {
    const table = resultsTable(madeUpResult(10));
    expect(JSON.parse(JSON.stringify(table))).toEqual(table);
  });
});

describe('the table as text', () => {
  const lines = tableText(resultsTable(madeUpResult(10))).split('\n');

  it('stands in the groups of the paper, ours beside the printed numbers', () => {
    expect(lines.filter(line => /^t-S/.test(line))).toEqual(['t-SimCNE', 't-SNE of SimCLR', 't-SNE']);
    const row = lines.find(line => line.includes('+ 90° rot.'))!;
    expect(row.trim().split(/ {2,}/)).toEqual([
      '+ 90° rot.',
      '69.8',
      '93.0 ± 0.3',
      '0.17',
      '0.44 ± 0.03',
      'not comparable (scaled)',
    ]);
  });

  it('aligns its columns on the right', () => {
    const rows = lines.filter(line => /^ {2}(\+|def|pixel)/.test(line));
    expect(new Set(rows.map(line => line.length)).size).toBe(1);
  });

  it('shows status and reason where there is no number, and what was scaled down', () => {
    const text = lines.join('\n');
    expect(text).toMatch(/ResNet152 +unavailable +72\.6/);
    expect(text).toContain('bloodmnist/resnet152-tsne: unavailable: the weights of ResNet152');
    expect(text).toContain('batch: 512 (paper: 1,024)');
  });
});

describe('the table in Markdown', () => {
  it('has six columns in every line, and links rows into the report', () => {
    const markdown = tableMarkdown(resultsTable(madeUpResult(10)), 'http://localhost/quick/');
    const rows = markdown.split('\n').filter(line => line.startsWith('|'));
    expect(rows).toHaveLength(11);
    expect(rows.every(row => row.split('|').length === 8)).toBe(true);
    expect(rows[3]).toBe(
      '| [t-SimCNE, + 90° rot.](http://localhost/quick/#row/bloodmnist/t-simcne/rot90) | 69.8 | 93.0 ± 0.3 | 0.17 | 0.44 ± 0.03 | not comparable (scaled) |',
    );
  });

  it('lets no text of a reason become markup', () => {
    const reason = 'a | b [click](javascript:x) <img src=x> `c`\n# details';
    const markdown = tableMarkdown(resultsTable(experiment(cell({ status: 'failed', reason }))));
    expect(markdown).toContain('failed: a \\| b \\[click\\](javascript:x) &lt;img src=x> \\`c\\`\n');
    expect(markdown).not.toContain('details');
  });
});
