// The report's pages as text: its numbers can be read by programs, and no text of a result becomes markup.
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cellPage } from '../../reports/cells/cell-page.ts';
import { comparePage } from '../../reports/comparison/compare-page.ts';
import { exhibitsOf } from '../../reports/exhibits/exhibits.ts';
import { matrixCsv, matrixLatex, matrixMarkdown, scoreMatrix } from '../../reports/exhibits/score-tables.ts';
import { type EmbeddedCell, embeddingFigure } from '../../reports/figures/embedding.ts';
import { reportPage } from '../../reports/page.ts';
import type { ExperimentResult } from '../../reports/result.ts';
import { resultsTable } from '../../reports/table/results-table.ts';
import { tableMarkdown } from '../../reports/table/table-markdown.ts';
import { writeReport } from '../../reports/write-report.ts';
import { hostileResult, madeUpCell, madeUpResult } from './made-up-result.ts';

describe('the report page', () => {
  const result = madeUpResult(50);
  const page = reportPage(result);
  const numbers = [...page.matchAll(/data-cell="([^"]*)" data-metric="([^"]*)" data-value="([^"]*)"/g)];

  it('carries every number of every cell once, at full precision', () => {
    const expected = result.cells.flatMap(({ address, knn, silhouette }) =>
      knn === undefined ? [] : [`${address} knn ${100 * knn}`, `${address} silhouette ${silhouette}`],
    );
    expect(numbers.map(([, ...parts]) => parts.join(' ')).sort()).toEqual(expected.sort());
  });

  it('links every number to its cell’s page, and has a panel of the cell', () => {
    for (const [, address] of numbers) {
      expect(page).toContain(`href="cells/${address}.html" data-cell="${address}"`);
      expect(page).toContain(`<article class="cell" id="${address}"`);
    }
  });

  it('needs no script', () => {
    expect(page).not.toContain('<script');
  });

  it('gives the reason where there is no number, and names what is scaled down', () => {
    expect(page).toContain('the weights of ResNet152 could not be fetched: no route to the host');
    expect(page).toContain('images, network, epochs, batch and seeds');
  });

  it('shows images that somebody brought last, without a column of the paper', () => {
    const { classes } = result.datasets.bloodmnist!;
    const own = {
      title: 'My cells',
      n: 50,
      own: { n: 80, source: '/cells' },
      classes: [...classes, ...classes],
    };
    const mine = madeUpCell(50, 1, { dataset: 'mine', address: 'mine/pixels-tsne', method: 'pixels-tsne' });
    const both = reportPage({
      ...result,
      cells: [...result.cells, mine],
      datasets: { ...result.datasets, mine: own },
    });
    const section = both.slice(both.indexOf('<section id="mine">'), both.indexOf('<section id="claims">'));
    expect(both.indexOf('<section id="mine">')).toBeGreaterThan(both.indexOf('<section id="bloodmnist">'));
    expect(section).toContain('50 of 80 images, 16 classes; your own, added from /cells');
    expect(section).toContain('16 classes share 8 colours');
    expect(section).not.toContain('paper</th>');
    expect(page).toContain('<th scope="col">paper</th>');
  });

  it('holds rows, text and data sets against the paper', () => {
    const claims = page.slice(page.indexOf('<section id="claims">'), page.indexOf('</main>'));
    expect(claims).toMatch(/t-simcne\/rot90<\/a><\/th>\s*<td>not comparable \(scaled\)/);
    expect(claims).toMatch(
      /C3<\/th>\s*<td>Microscopy: .*<small>bloodmnist, silhouette: 0\.21, the best other/,
    );
    expect(claims).toMatch(/<td>17,092<\/td><td>8<\/td><td>Yang et al\. 2023<\/td><td>as in the paper/);
    const asPrinted = reportPage({
      ...result,
      profile: 'paper',
      cells: [{ ...result.cells[0], asInPaper: true }],
    });
    expect(asPrinted).toMatch(/off by −21\.\d\s*<small>\(± 2\.2\)/);
  });

  it('gives mean and deviation over seeds, and each seed beside them', () => {
    const cells = [0.9, 0.93, 0.96].map((knn, i) =>
      madeUpCell(20, 9, {
        address: `bloodmnist/t-simcne/rot90/seed-${i + 1}`,
        augmentation: 'rot90',
        seed: i + 1,
        knn,
      }),
    );
    const text = reportPage({ ...result, cells });
    expect(text).toMatch(
      /data-cell="bloodmnist\/t-simcne\/rot90" data-metric="knn" data-value="93(\.0+\d)?"/,
    );
    expect(text).toContain('± 3.0');
    expect(text).toContain('data-cell="bloodmnist/t-simcne/rot90/seed-2" data-metric="knn" data-value="93"');
  });

  it('has no cell without a dataset to fall over', () => {
    expect(reportPage({ ...result, datasets: {} })).toContain('<h2>bloodmnist</h2>');
  });

  it('lets no text of a result become markup, script or address', () => {
    const hostile = hostileResult();
    const pages = [reportPage, comparePage, (made: ExperimentResult) => cellPage(made.cells[0], made)];
    for (const page of pages) {
      const text = page(hostile)!;
      expect(text).not.toMatch(/<(img|b)\b[^>]*hack/i);
      expect(text).not.toContain('</script><img');
      expect(text).not.toContain('href="javascript:');
      expect(text).not.toMatch(/style="[^"]*url/);
      expect(text.match(/<script/g)).toEqual(page(madeUpResult(50))!.match(/<script/g));
    }
  });
});

describe('the page of a cell', () => {
  const result = madeUpResult(50);
  const [cell] = result.cells;

  it('says where its numbers come from', () => {
    const page = cellPage(cell, result);
    const facts = [cell.steps.at(-1)!.key, cell.workflowId!, cell.backend!, '6 min 53 s', cell.workflowUrl!];
    for (const fact of facts) expect(page).toContain(fact);
  });

  it('shows both scores beside the paper’s', () => {
    const page = cellPage(cell, result);
    expect(page).toMatch(/68\.5 <small>paper 90\.4 ± 0\.3<\/small>/);
    expect(page).toMatch(/0\.14 <small>paper 0\.40 ± 0\.00<\/small>/);
  });

  it('leads to its neighbours in the table and back to its row', () => {
    const page = cellPage(result.cells[1], result);
    for (const link of [
      'href="../../../../index.html#row/bloodmnist/t-simcne/rot90"',
      'rel="prev" href="../../../../cells/bloodmnist/t-simcne/default/seed-1.html"',
      'rel="next" href="../../../../cells/bloodmnist/t-simcne/randrot/seed-1.html"',
    ])
      expect(page).toContain(link);
  });

  it('gives the reason where there is nothing to see', () => {
    const page = cellPage(result.cells.at(-1)!, result);
    expect(page).toContain('the weights of ResNet152 could not be fetched');
    expect(page).not.toContain('class="explorer"');
  });
});

describe('a score', () => {
  it('is the same in tables, pages and figures, and all change with it', async () => {
    const result = madeUpResult(50);
    const changed = { ...result.cells[0], knn: 0.5123, silhouette: -0.25 };
    const after = { ...result, cells: [changed, ...result.cells.slice(1)] };
    const dataset = result.datasets.bloodmnist!;
    const views = (made: ExperimentResult) => [
      reportPage(made),
      cellPage(made.cells[0], made),
      tableMarkdown(resultsTable(made)),
      JSON.stringify(embeddingFigure(made.cells[0] as EmbeddedCell, dataset)),
    ];
    for (const text of views(after)) {
      expect(text).toContain('51.2');
      expect(text).toContain('−0.25');
    }
    for (const text of views(result)) expect(text).not.toContain('51.2');

    const inFigures = (made: ExperimentResult) =>
      exhibitsOf(made).then(exhibits =>
        exhibits.map(({ spec }) => JSON.stringify(spec).includes('kNN acc. = 51.2 %')),
      );
    expect(await inFigures(after)).toEqual([true, false, false, false]); // figure 2 shows this cell
    expect(await inFigures(result)).toEqual([false, false, false, false]);
    const inTables = (made: ExperimentResult) =>
      [matrixCsv, matrixMarkdown, matrixLatex].map(form =>
        form(scoreMatrix(resultsTable(made), 'knn')).includes('51.2'),
      );
    expect([inTables(after), inTables(result)]).toEqual([
      [true, true, true],
      [false, false, false],
    ]);
  });
});

describe('a written report', () => {
  it('is a site, the table as JSON and Markdown, and a figure a cell; nothing half-written stays', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'simcne-report-'));
    try {
      const result = madeUpResult(200);
      const written = await writeReport(result, folder);
      expect(written).toEqual({ path: path.join(folder, 'index.html') });
      expect((await readdir(folder)).sort()).toEqual([
        'assets',
        'cells',
        'compare.html',
        'data',
        'exhibits',
        'exhibits.html',
        'figures',
        'index.html',
        'table.json',
        'table.md',
      ]);
      const files = await readdir(folder, { recursive: true });
      expect(files.filter(name => name.includes('unfinished'))).toEqual([]);
      for (const { address } of result.cells) expect(files).toContain(path.join('cells', `${address}.html`));
      expect(JSON.parse(await readFile(path.join(folder, 'table.json'), 'utf8'))).toEqual(
        resultsTable(result),
      );
      const figure = path.join(folder, 'figures', 'bloodmnist/t-simcne/rot90/seed-1.vl.json');
      expect(JSON.parse(await readFile(figure, 'utf8')).data.values).toHaveLength(200);

      const data = path.join(folder, 'data', 'bloodmnist/t-simcne/rot90/seed-1.js');
      const { mtimeMs } = await stat(data);
      await writeReport(result, folder);
      expect((await stat(data)).mtimeMs).toBe(mtimeMs); // the same score: not analysed again
      const [first, second, ...others] = result.cells;
      const steps = [{ step: 'score', key: 'another', seconds: 1 }];
      await writeReport({ ...result, cells: [first, { ...second, steps }, ...others] }, folder);
      expect((await stat(data)).mtimeMs).toBeGreaterThan(mtimeMs);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
