// What a person does with an embedding, in a real browser: point, search, draw a lasso, hide a class, save, use the keys.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asRows, ndarray } from '../../numeric/arrays/array.ts';
import { cellPageFile, dataFile } from '../../reports/anchor.ts';
import { cellDataScript } from '../../reports/cells/cell-data-files.ts';
import { cellPage } from '../../reports/cells/cell-page.ts';
import type { EmbeddedCell } from '../../reports/figures/embedding.ts';
import type { ExperimentResult } from '../../reports/result.ts';
import { writeReport } from '../../reports/write-report.ts';
import { writeWhole } from '../../reports/write-whole.ts';
import { browserPath, launchBrowser } from '../browser.ts';
import { openPage } from './browser-page.ts';
import { madeUpDataset, madeUpResult, madeUpThumbnails } from './made-up-result.ts';

const n = 500;
const address = 'bloodmnist/simclr-tsne/randrot/seed-1';

describe.skipIf(!(await browserPath()))('the explorer in a browser', () => {
  let browser: Browser;
  let folder: string;
  let cell: EmbeddedCell;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchBrowser();
    folder = await mkdtemp(path.join(tmpdir(), 'simcne-explorer-'));
    const result = await explorableResult(folder);
    cell = result.cells.find(one => one.address === address) as EmbeddedCell;
    await writeReport(result, path.join(folder, 'report'));
    ({ page, complaints } = await openPage(browser, path.join(folder, 'report', cellPageFile(address)), {
      viewport: { width: 900, height: 600 },
      reducedMotion: 'reduce', // views change at once
    }));
    await page.locator('.explorer[data-ready]').waitFor();
    await page.locator('.frame').scrollIntoViewIfNeeded();
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  /** Where an image must be drawn: the whole embedding, centred, fills 97 % of the canvas's height. */
  async function expectedPlace(image: number): Promise<{ x: number; y: number }> {
    const box = (await page.locator('.frame').boundingBox())!;
    const { centre, half } = extentOf(cell);
    const [right, up] = [0, 1].map(axis => (cell.embedding.data[2 * image + axis] - centre[axis]) / half);
    const scale = 0.97 * (box.height / 2);
    return { x: box.x + box.width / 2 + right * scale, y: box.y + box.height / 2 - up * scale };
  }

  it('shows the image under the pointer, its class and its neighbours in feature space', async () => {
    const image = mostAlone(cell);
    const { x, y } = await expectedPlace(image);
    await page.mouse.move(x + 2, y - 1, { steps: 3 });
    const facts = page.locator('.card-place dl');
    await facts.getByText(`image ${image}`, { exact: true }).waitFor();
    expect(await facts.textContent()).toContain(
      `class ${madeUpDataset(n).classes[cell.labels.data[image]].name}`,
    );
    expect(await imageShown(page.locator('.card-place .picture'))).toBe(image);
    const tiles = page.locator('.card-place .tile');
    expect(await tiles.count()).toBe(12);
    const nearest = Number(await tiles.first().getAttribute('data-image'));
    expect(Math.abs(nearest - image)).toBe(1); // the made-up feature is the image's number
    expect(await imageShown(tiles.first())).toBe(nearest);
  });

  it('finds images by number and class, and marks where one lies', async () => {
    const query = page.locator('[name=query]');
    await query.fill('EOS');
    await query.press('Enter');
    const eosinophils = cell.labels.data.filter(label => label === 1).length;
    expect(await page.locator('.count').textContent()).toMatch(`${eosinophils} images: ${eosinophils} EOS;`);
    expect(await page.locator('.selection-place .tile').count()).toBe(Math.min(200, eosinophils));
    await query.fill('7000');
    await query.press('Enter');
    expect(await page.locator('form .problem').textContent()).toBe('7000: images are numbered 0 to 499');
    await query.fill('123');
    await query.press('Enter');
    expect(await page.locator('[aria-live]').textContent()).toMatch(/^image 123, /);
    await page.locator('.marker:not([hidden])').waitFor();
  });

  it('saves what is selected', async () => {
    await page.locator('[name=query]').fill('3, 5-7');
    await page.locator('[name=query]').press('Enter');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByText('Save as CSV').click(),
    ]);
    expect(download.suggestedFilename()).toBe('bloodmnist-simclr-tsne-randrot-seed-1-selection.csv');
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(lines.slice(1).map(line => line.split(',')[0])).toEqual(['3', '5', '6', '7']);
    expect(Number(lines[1].split(',')[2])).toBe(cell.embedding.data[6]);
  });

  it('selects with the lasso what lies within it', async () => {
    await page.locator('[data-do=whole]').click();
    await page.locator('[data-do=lasso]').click();
    const { centre, half } = extentOf(cell);
    const corners = [
      [-1.02, -1.02],
      [0.3, -1.02],
      [0.3, 0.2],
      [-1.02, 0.2],
    ];
    const box = (await page.locator('.frame').boundingBox())!;
    const scale = 0.97 * (box.height / 2);
    const place = ([right, up]: number[]) =>
      [box.x + box.width / 2 + right * scale, box.y + box.height / 2 - up * scale] as const;
    await page.mouse.move(...place(corners[0]));
    await page.mouse.down();
    for (const corner of [...corners.slice(1), corners[0]])
      await page.mouse.move(...place(corner), { steps: 6 });
    await page.mouse.up();
    const inside = Array.from({ length: n }, (_, image) => image).filter(image => {
      const [right, up] = [0, 1].map(axis => (cell.embedding.data[2 * image + axis] - centre[axis]) / half);
      return right < 0.3 && up < 0.2;
    });
    const missed = async () => {
      const count = Number.parseInt((await page.locator('.count').textContent())!, 10);
      return Math.abs(count - inside.length);
    };
    await expect.poll(missed).toBeLessThan(0.03 * n); // the line has corners of some pixels
    await page.locator('[data-do=lasso]').click();
  });

  it('hides a class and shows it again', async () => {
    await page.getByRole('button', { name: 'Clear' }).click();
    const canvas = page.locator('.frame');
    const orange = async () => coloured(await canvas.screenshot(), [255, 127, 14]);
    const before = await orange();
    const eosinophils = page.locator('.switches button').nth(1);
    await eosinophils.click();
    expect(await eosinophils.getAttribute('aria-pressed')).toBe('false');
    await expect.poll(orange).toBe(0);
    await eosinophils.click();
    await expect.poll(orange).toBeGreaterThan(0.8 * before);
  });

  it('colours by kNN error, and says what the colours mean', async () => {
    await page.locator('[name=colouring]').selectOption('error');
    expect(await page.locator('.scale').textContent()).toBe('none of 15all of 15');
    const vermillion = async () => coloured(await page.locator('.frame').screenshot(), [213, 94, 0]);
    await expect.poll(vermillion).toBeGreaterThan(20);
    await page.locator('[name=colouring]').selectOption('class');
  });

  it('does the same by keyboard', async () => {
    await page.locator('canvas[tabindex]').focus();
    await page.keyboard.press('.');
    expect(await page.locator('[aria-live]').textContent()).toMatch(/^image 0, /);
    await page.keyboard.press('.');
    expect(await page.locator('[aria-live]').textContent()).toMatch(/^image 1, /);
    await page.keyboard.press('l');
    expect(await page.locator('[data-do=lasso]').getAttribute('aria-pressed')).toBe('true');
    await page.keyboard.press('l');
    await page.keyboard.press('Escape');
    await page.locator('.selection-place .hint').waitFor();
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('query');
  });

  it('has had no cause for complaint', () => {
    expect(complaints).toEqual([]);
  });

  it('shows PathMNIST’s number of points', async () => {
    const many = 107_180;
    const report = path.join(folder, 'report');
    const result = madeUpResult(many);
    const large = result.cells.find(one => one.address === address) as EmbeddedCell;
    const zeros = new Float32Array(many);
    const analysis = {
      predicted: Int32Array.from(large.labels.data),
      disagreement: zeros,
      density: zeros,
      silhouette: zeros,
      confusion: [],
      classSilhouettes: [],
    };
    await writeWhole(
      path.join(report, dataFile(address)),
      await cellDataScript(large, result.datasets.bloodmnist!, analysis),
    );
    await writeWhole(path.join(report, cellPageFile(address)), cellPage(large, result));
    const opened = await openPage(browser, path.join(report, cellPageFile(address)), {
      viewport: { width: 900, height: 600 },
    });
    await opened.page.locator('.explorer[data-ready]').waitFor();
    expect(await coloured(await opened.page.locator('.frame').screenshot(), [255, 127, 14])).toBeGreaterThan(
      1000,
    );
    await opened.page.locator('[name=query]').fill('PLA');
    await opened.page.locator('[name=query]').press('Enter');
    const platelets = large.labels.data.filter(label => label === 7).length;
    expect(await opened.page.locator('.count').textContent()).toMatch(`${platelets} images`);
    expect(opened.complaints).toEqual([]);
    await opened.page.close();
  });
});

/** A made-up experiment with thumbnails that tell their number, and features that are it. */
async function explorableResult(folder: string): Promise<ExperimentResult> {
  const result = madeUpResult(n);
  const features = Float32Array.from({ length: n }, (_, image) => image + 1e-6 * image ** 2);
  return {
    ...result,
    cells: result.cells.map(cell => ({
      ...cell,
      readFeatures: async () => asRows(ndarray(features, [n, 1])),
    })),
    datasets: { bloodmnist: { ...madeUpDataset(n), thumbnails: await madeUpThumbnails(n, folder) } },
  };
}

function extentOf({ embedding: { data } }: EmbeddedCell) {
  const axes = [0, 1].map(axis => data.filter((_, i) => i % 2 === axis));
  const bounds = axes.map(values => [Math.min(...values), Math.max(...values)]);
  return {
    centre: bounds.map(([low, high]) => (low + high) / 2),
    half: Math.max(...bounds.map(([low, high]) => (high - low) / 2)),
  };
}

/** The image whose nearest other is farthest: nothing lies over it. */
function mostAlone({ embedding: { data } }: EmbeddedCell): number {
  const gaps = Array.from({ length: n }, (_, i) => {
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < n; j++) {
      if (j !== i)
        least = Math.min(least, Math.hypot(data[2 * i] - data[2 * j], data[2 * i + 1] - data[2 * j + 1]));
    }
    return least;
  });
  return gaps.indexOf(Math.max(...gaps));
}

/** The image that a thumbnail shows, read from its colour; see `madeUpThumbnails`. */
async function imageShown(thumbnail: Locator): Promise<number> {
  const { data, info } = await sharp(await thumbnail.screenshot())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const middle = 3 * (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2));
  return 256 * Math.round(data[middle] / 64) + data[middle + 2];
}

async function coloured(png: Buffer, colour: readonly number[]): Promise<number> {
  const data = await sharp(png).removeAlpha().raw().toBuffer();
  let count = 0;
  for (let i = 0; i < data.length; i += 3) {
    if (colour.every((value, channel) => Math.abs(data[i + channel] - value) < 45)) count++;
  }
  return count;
}
