// A written report in a real browser, from the file system: figures are drawn, nothing is fetched, nothing breaks.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCell, squareDomains } from '../../reports/figures/embedding.ts';
import type { ExperimentResult } from '../../reports/result.ts';
import { writeReport } from '../../reports/write-report.ts';
import { browserPath, launchBrowser } from '../browser.ts';
import { hostileResult, madeUpResult } from './made-up-result.ts';

describe.skipIf(!(await browserPath()))('the report in a browser', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    browser = await launchBrowser();
    folder = await mkdtemp(path.join(tmpdir(), 'simcne-report-'));
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  /** Opens the report; `complaints` are console errors, page errors and requests beyond the file itself. */
  async function open(result: ExperimentResult, options: Parameters<Browser['newPage']>[0] = {}) {
    const { path: file } = await writeReport(result, folder);
    const page = await browser.newPage(options);
    const complaints: string[] = [];
    page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', error => complaints.push(error.message));
    page.on('request', request => {
      if (!/^(file|data|blob):/.test(request.url())) complaints.push(`request for ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
    return { page, complaints };
  }

  /** Draws what is not in view yet, as a printout would. */
  async function drawAll(page: Page) {
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.waitForFunction(() => !document.querySelector('.plot:not([data-drawn])'));
  }

  it('shows a number, and the way to its cell', async () => {
    const { page, complaints } = await open(madeUpResult(400));
    const number = page.locator('[data-cell="bloodmnist/t-simcne/rot90/seed-1"][data-metric="knn"]');
    expect(await number.textContent()).toBe('69.8');
    expect(Number(await number.getAttribute('data-value'))).toBeCloseTo(69.85, 9);
    await number.press('Enter');
    const target = page.locator('article:target');
    expect(await target.getAttribute('id')).toBe('bloodmnist/t-simcne/rot90/seed-1');
    await target.locator('.plot[data-drawn]').waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('draws a panel only when a reader comes near, in the colours of the classes', async () => {
    const { page, complaints } = await open(madeUpResult(400), { viewport: { width: 390, height: 600 } });
    const last = page.locator('.plot.embedding').last();
    expect(await last.getAttribute('data-drawn')).toBeNull();
    await last.scrollIntoViewIfNeeded();
    await page.locator('.plot.embedding[data-drawn]').last().waitFor();
    const colours = await last.locator('canvas').evaluate(canvas => {
      const { width, height } = canvas as HTMLCanvasElement;
      const pixels = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height).data;
      const seen = { orange: 0, cyan: 0, clear: 0 };
      for (let i = 0; i < pixels.length; i += 4) {
        const [red, green, blue, alpha] = pixels.slice(i, i + 4);
        if (alpha === 0) seen.clear++;
        else if (red > 240 && green < 140 && blue < 40) seen.orange++;
        else if (red < 40 && green > 180 && blue > 190) seen.cyan++;
      }
      return { ...seen, width, height };
    });
    expect(colours.width).toBe(colours.height);
    expect(colours.orange).toBeGreaterThan(20);
    expect(colours.cyan).toBeGreaterThan(20);
    expect(colours.clear).toBeGreaterThan(0.5 * colours.width * colours.height);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('names class and image of the point under the pointer, and they are the right ones', async () => {
    const result = madeUpResult(2000);
    const { page } = await open(result, { viewport: { width: 1280, height: 1600 } });
    const plot = page.locator('.plot.embedding').first();
    await plot.scrollIntoViewIfNeeded();
    await page.locator('.plot.embedding[data-drawn]').first().waitFor();
    const box = (await plot.boundingBox())!;
    const tip = page.locator('#tip');
    let across = 0.1;
    for (; across < 0.9 && !(await tip.isVisible()); across += 0.008) {
      await page.mouse.move(box.x + box.width * across, box.y + box.height * 0.3);
    }
    const [, name, index] = /^class ([a-z ]+)\nimage (\d+)$/.exec((await tip.textContent())!)!;

    const cell = result.cells[0] as EmbeddedCell;
    const image = Number(index);
    expect(name).toBe(result.datasets.bloodmnist!.classes[cell.labels.data[image]].name);
    const { x, y } = squareDomains(cell);
    const place = (axis: 0 | 1, [low, high]: [number, number]) =>
      (cell.embedding.data[2 * image + axis] - low) / (high - low);
    expect(Math.abs(place(0, x) - (across - 0.008))).toBeLessThan(0.02);
    expect(Math.abs(1 - place(1, y) - 0.3)).toBeLessThan(0.02);
    await page.close();
  });

  it.each([
    ['wide and light', 1280, 'light'],
    ['narrow and dark', 360, 'dark'],
  ] as const)('is whole when %s: every figure drawn, none too wide', async (_, width, colorScheme) => {
    const { page, complaints } = await open(madeUpResult(200), {
      viewport: { width, height: 800 },
      colorScheme,
    });
    await drawAll(page);
    expect(await page.locator('.plot canvas').count()).toBe(7 + 2 * 6);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const unlabelled = page.locator('.plot:not([aria-label]), .plot:not([tabindex])');
    expect(await unlabelled.count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows hostile texts as texts', async () => {
    const { page, complaints } = await open(hostileResult());
    await drawAll(page);
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    expect(await page.locator('h1').textContent()).toContain('<img src=x onerror=');
    expect(await page.locator('img, [hack]').count()).toBe(0);
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
