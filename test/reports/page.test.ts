// The report page as text: its numbers can be read by programs, and no text of a result becomes markup.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportPage } from '../../reports/page.ts';
import { resultsTable } from '../../reports/results-table.ts';
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

  it('links every number to a cell that is on the page', () => {
    for (const [, address] of numbers) {
      expect(page).toContain(`href="#${address}"`);
      expect(page).toContain(`<article class="cell" id="${address}"`);
    }
  });

  it('says where each number comes from', () => {
    const { steps, workflowId, backend } = result.cells[0];
    for (const fact of [steps.at(-1)!.key, workflowId!, backend!, '6 min 53 s']) expect(page).toContain(fact);
  });

  it('gives the reason where there is no number, and names what is scaled down', () => {
    expect(page).toContain('the weights of ResNet152 could not be fetched: no route to the host');
    expect(page).toContain('images, network, epochs, batch and seeds');
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
    const text = reportPage(hostileResult());
    expect(text).not.toMatch(/<(img|b)\b[^>]*hack/i);
    expect(text).not.toContain('</script><img');
    expect(text).not.toContain('href="javascript:');
    expect(text).not.toMatch(/style="[^"]*url/);
    expect(text.match(/<script/g)).toHaveLength(reportPage(madeUpResult(50)).match(/<script/g)!.length);
  });
});

describe('a written report', () => {
  it('is a page, the table as JSON and Markdown, and a figure a cell; nothing half-written stays', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'simcne-report-'));
    try {
      const result = madeUpResult(50);
      const written = await writeReport(result, folder);
      expect(written).toEqual({ path: path.join(folder, 'index.html') });
      expect((await readdir(folder)).sort()).toEqual(['figures', 'index.html', 'table.json', 'table.md']);
      expect(JSON.parse(await readFile(path.join(folder, 'table.json'), 'utf8'))).toEqual(
        resultsTable(result),
      );
      const figure = path.join(folder, 'figures', 'bloodmnist/t-simcne/rot90/seed-1.vl.json');
      expect(JSON.parse(await readFile(figure, 'utf8')).data.values).toHaveLength(50);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
