// A written report in a real browser, from the file system: people find their way, nothing is fetched, nothing breaks.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellPageFile } from '../../reports/anchor.ts';
import { compareRows, type Side } from '../../reports/comparison/comparison.ts';
import { writeComparison } from '../../reports/comparison/write-comparison.ts';
import type { ExperimentResult } from '../../reports/result.ts';
import { resultsTable, rowAddress } from '../../reports/table/results-table.ts';
import { writeReport } from '../../reports/write-report.ts';
import { browserPath, launchBrowser } from '../browser.ts';
import { openPage, seriousFindings } from './browser-page.ts';
import { hostileResult, madeUpResult } from './made-up-result.ts';

const address = 'bloodmnist/t-simcne/rot90/seed-1';

describe.skipIf(!(await browserPath()))('the report in a browser', () => {
  let browser: Browser;
  let folder: string;
  const result = madeUpResult(300);
  beforeAll(async () => {
    browser = await launchBrowser();
    folder = await mkdtemp(path.join(tmpdir(), 'simcne-report-'));
    await writeReport(result, folder);
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  const open = (file: string, options?: Parameters<Browser['newPage']>[0]) =>
    openPage(browser, path.join(folder, file), options);

  /** Draws what is not in view yet, as a printout would. */
  async function drawAll(page: Page) {
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.waitForFunction(() => !document.querySelector('.plot:not([data-drawn])'));
  }

  it('leads from a number to its cell, and from there to its workflow', async () => {
    const { page, complaints } = await open('index.html');
    const number = page.locator(`[data-cell="${address}"][data-metric="knn"]`);
    expect(await number.textContent()).toBe('69.8');
    expect(Number(await number.getAttribute('data-value'))).toBeCloseTo(69.85, 9);
    await number.press('Enter');
    await page.locator('.explorer[data-ready]').waitFor();
    expect(page.url()).toContain(`/cells/${address}.html`);
    await drawAll(page);
    expect(await page.locator('.plot canvas').count()).toBe(4); // confusion, silhouettes, loss, learning rate
    expect(complaints).toEqual([]);
    const visited: string[] = [];
    await page.route('http://127.0.0.1:8233/**', route => {
      visited.push(decodeURIComponent(route.request().url()));
      return route.fulfill({ body: 'the Temporal UI' });
    });
    await page.getByRole('link', { name: `quick/${address}` }).click();
    expect(visited).toEqual([`http://127.0.0.1:8233/namespaces/default/workflows/quick/${address}`]);
    await page.close();
  });

  it('puts two cells side by side, and links them image by image', async () => {
    const other = 'bloodmnist/pixels-tsne';
    const { page, complaints } = await open(`compare.html`, { viewport: { width: 900, height: 700 } });
    await page.locator('.comparison[data-ready]').waitFor();
    await page.locator('select[name=a]').selectOption(address);
    await page.locator('select[name=b]').selectOption(other);
    expect(new URL(page.url()).hash).toBe(`#a=${address}&b=${other}`);
    await page.locator('.comparison[data-ready]').waitFor();
    const row = page.locator('tbody tr', { hasText: 'kNN accuracy' }).locator('td');
    expect(await row.allTextContents()).toEqual(['69.8', '65.1', '−4.7']);

    const box = (await page.locator('.frame').first().boundingBox())!;
    const markers = page.locator('.marker:not([hidden])');
    for (let step = 0; step < 60 && (await markers.count()) === 0; step++) {
      await page.mouse.move(box.x + box.width * (0.05 + 0.015 * step), box.y + box.height * 0.5);
    }
    expect(await markers.count()).toBe(2); // one on each side
    expect(await page.locator('.card-place').textContent()).toMatch(/^image \d+, /);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('puts two experiments side by side, and links the images that both have', async () => {
    const dataset = result.datasets.bloodmnist!;
    const whole = { whole: 'bloodmnist', sourceIndices: Int32Array.from({ length: 300 }, (_, i) => 3 * i) };
    const fewer = madeUpResult(200);
    const part = {
      whole: 'bloodmnist',
      sourceIndices: Int32Array.from({ length: 200 }, (_, i) => 6 * (199 - i)),
    };
    const sides = [
      { name: 'quick', result: { ...result, datasets: { bloodmnist: { ...dataset, ...whole } } } },
      {
        name: 'desk',
        result: { ...fewer, datasets: { bloodmnist: { ...fewer.datasets.bloodmnist!, ...part } } },
      },
    ].map(side => ({ ...side, reportFolder: path.join(folder, 'no such report') }));
    const rows = compareRows(...(sides.map(sidesOf) as [Side[], Side[]]));
    const written = await writeComparison(
      [sides[0], sides[1]],
      rows,
      path.join(folder, 'compare', 'quick--desk'),
    );
    const { page, complaints } = await openPage(browser, written.path, {
      viewport: { width: 1280, height: 900 },
    });
    await page.locator('.comparison[data-ready]').waitFor();
    await page.locator('tr', { hasText: 't-simcne/rot90' }).getByRole('link', { name: 'look' }).click();
    await page.waitForFunction(() => document.querySelector('select[name=b]')!.closest('[data-ready]'));
    expect(
      await page.locator('select').evaluateAll(all => all.map(one => (one as HTMLSelectElement).value)),
    ).toEqual([`a/${address}`, `b/${address}`]);
    expect(await page.locator('.linked').textContent()).toMatch(
      /^Both have 150 images \(of 300 on the left, 200 /,
    );
    expect(
      await page.locator('.of-cells tr', { hasText: 'kNN accuracy' }).locator('td').allTextContents(),
    ).toEqual(['69.8', '69.8', '+0.0']);
    const frame = page.locator('.frame').first();
    await frame.scrollIntoViewIfNeeded();
    const box = (await frame.boundingBox())!;
    const image = async () =>
      Number(/image (\d+)/.exec((await page.locator('.card-place').textContent()) ?? '')?.[1]);
    const seen = new Set<number>();
    for (let step = 0; step < 90; step++) {
      await page.mouse.move(box.x + box.width * (0.05 + 0.01 * step), box.y + box.height * 0.5);
      const pointed = await image();
      const marks = await page.locator('.marker:not([hidden])').count();
      if (marks === 0) continue;
      seen.add(marks);
      expect(marks).toBe(pointed % 2 === 0 ? 2 : 1); // of A's images, three apart, every other is in B, six apart
    }
    expect(seen.size).toBe(2);
    expect(await seriousFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.setViewportSize({ width: 360, height: 700 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.close();
  });

  it.each([
    ['wide and light', 1280, 'light'],
    ['narrow and dark', 360, 'dark'],
  ] as const)('is whole and accessible when %s', async (_, width, colorScheme) => {
    for (const file of ['index.html', cellPageFile(address), 'compare.html', 'exhibits.html']) {
      const { page, complaints } = await open(file, { viewport: { width, height: 700 }, colorScheme });
      await page
        .locator(`.explorer[data-ready], .comparison[data-ready], .results, .exhibit`)
        .first()
        .waitFor();
      await drawAll(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await seriousFindings(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    }
  });

  it('shows hostile texts as texts', async () => {
    const hostile: ExperimentResult = hostileResult();
    const place = path.join(folder, 'hostile');
    await writeReport(hostile, place);
    for (const file of ['index.html', cellPageFile(hostile.cells[0].address), 'compare.html']) {
      const { page, complaints } = await openPage(browser, path.join(place, file));
      await page.locator('.explorer[data-ready], .comparison[data-ready], .results').first().waitFor();
      await drawAll(page);
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
      expect(await page.locator('body').textContent()).toContain('<img src=x onerror=');
      expect(await page.locator('img[onerror], [hack]').count()).toBe(0);
      expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
      expect(complaints).toEqual([]);
      await page.close();
    }
  });
});

const sidesOf = ({ name, result }: { name: string; result: ExperimentResult }): Side[] =>
  resultsTable(result).rows.map(row => ({ place: `${name}/${rowAddress(row)}`, row, steps: [] }));
