// `simcne serve` in a real browser: pages fill in while cells are made, survive restarts, and take images of one's own.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NdArray } from '../../numeric/arrays/array.ts';
import { decodeNpy } from '../../numeric/arrays/npy.ts';
import type { LiveState } from '../../reports/live/live-state.ts';
import { browserPath, launchBrowser } from '../browser.ts';
import { seriousFindings } from '../reports/browser-page.ts';
import { simcne, startSimcne, temporaryHome } from './command-line.ts';
import { processesOf, until } from './processes.ts';

const address = 'shapes/t-simcne/rot90/seed-1';
const image = 17;

describe.skipIf(!(await browserPath()))('simcne serve', () => {
  let place: Awaited<ReturnType<typeof temporaryHome>>;
  let serving: ReturnType<typeof startSimcne>;
  let browser: Browser;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    place = await temporaryHome();
    [browser, url] = await Promise.all([launchBrowser(), serve()]);
    page = await browser.newPage({ viewport: { width: 1000, height: 800 }, reducedMotion: 'reduce' });
  });
  afterAll(async () => {
    serving.process.kill('SIGINT');
    await serving.ended;
    await browser.close();
    await place.remove();
  });

  async function serve(): Promise<string> {
    serving = startSimcne(place.home, ['serve', 'smoke']);
    return until('the address', () => /report: +(http:\S+)\/smoke\/\n/.exec(serving.output())?.[1]);
  }

  async function artifactFolder(step: string): Promise<string> {
    const file = path.join(place.home, 'store', 'cells', 'smoke', `${address.replaceAll('/', '~')}.json`);
    const { steps } = JSON.parse(await readFile(file, 'utf8'));
    const { key } = steps.find((one: { step: string }) => one.step === step);
    return path.join(place.home, 'store', 'artifacts', key.slice(0, 2), key);
  }

  it('makes a first report, and fills in number and embedding as the cell ends, without a reload', async () => {
    await page.goto(`${url}/smoke`);
    await page.locator('.results').waitFor();
    await page.evaluate(() => Object.assign(globalThis, { unloaded: false, seen: [] as string[] }));
    await page.evaluate(() => {
      const { seen } = globalThis as unknown as { seen: string[] };
      const panel = document.querySelector('.live')!;
      const look = () => seen.push(panel.textContent ?? '');
      new MutationObserver(look).observe(panel, { childList: true, subtree: true, characterData: true });
    });
    const number = page.locator(`[data-cell="${address}"][data-metric="knn"]`);
    expect(await number.count()).toBe(0);
    const run = await simcne(place.home, 'run', 'smoke', '--method', 't-simcne', '--json');
    const [cell] = JSON.parse(run.stdout).cells;
    expect(Number(await number.getAttribute('data-value'))).toBeCloseTo(cell.knn, 9);
    await page.locator(`article[id="${address}"] img`).waitFor();
    await page.getByText('Ended: 1 of 4 cells done.').waitFor();
    const seen = await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen.join('\n'));
    expect(seen).toMatch(/Running: 0 of 4 cells done, 1 running/);
    expect(seen).toMatch(/t-SimCNE, \+ 90° rot., seed 1(fetch|prepare|train|embed|score)/);
    expect(await page.evaluate(() => 'unloaded' in globalThis)).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('leads from a cell to its workflow and to its logs', async () => {
    await page.goto(`${url}/smoke/cells/${address}.html`);
    await page.locator('.explorer[data-ready]').waitFor();
    const workflow = page.locator('a[data-workflow]');
    await expect
      .poll(() => workflow.getAttribute('href'))
      .toMatch(/^http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/smoke%2Fshapes%2Ft-simcne/);
    const log = page.locator('.steps tr', { hasText: 'train' }).getByRole('link', { name: 'attempt 1' });
    const response = await page.request.get(await log.evaluate(link => (link as HTMLAnchorElement).href));
    expect(await response.text()).toMatch(/epoch \d\/7/);
  });

  it('marks where the network puts an image, and says what is wrong with a file that is none', async () => {
    const folder = path.join(place.home, 'pictures');
    await mkdir(folder);
    const { data, shape } = decodeNpy(
      await readFile(path.join(await artifactFolder('prepare'), 'images.npy')),
    ) as NdArray<Uint8Array>;
    const [, height, width] = shape;
    const pixels = data.subarray(image * height * width * 3, (image + 1) * height * width * 3);
    const good = path.join(folder, 'one.png');
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(good);
    const bad = path.join(folder, 'bad.png');
    await writeFile(bad, 'no image');
    await page.locator('[name=images]').setInputFiles([good, bad]);
    await page.locator('.new-images[data-busy=false]').waitFor();
    expect(await page.locator('.new-images .problem').textContent()).toMatch(/^bad\.png: is no image/);
    const tiles = page.locator('.new-list .tile');
    expect(await tiles.count()).toBe(12);
    expect(await tiles.first().getAttribute('data-image')).toBe(String(image)); // it is in the training set

    const translate = (selector: string) =>
      page
        .locator(selector)
        .evaluate(mark => (mark as HTMLElement).style.translate.split(' ').map(parseFloat));
    await tiles.first().hover();
    const [[x, y], [left, top]] = [await translate('.new-mark'), await translate('.marker')];
    expect(Math.hypot(x - left, y - top)).toBeLessThan(0.5); // network and training agree on its place
    await page.locator('[data-do=zoom-in]').click();
    await expect.poll(async () => (await translate('.new-mark'))[0]).not.toBeCloseTo(x, 1);
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('takes images that are dropped on the embedding', async () => {
    await page.locator('[data-do=remove-images]').click();
    const png = (await readFile(path.join(place.home, 'pictures', 'one.png'))).toString('base64');
    await page.evaluate(base64 => {
      const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], 'dropped.png', { type: 'image/png' }));
      for (const kind of ['dragover', 'drop']) {
        const event = new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true });
        document.querySelector('.frame canvas')?.dispatchEvent(event);
      }
    }, png);
    await page.getByRole('button', { name: '1. dropped.png' }).waitFor();
    await page.locator('.new-mark:not([hidden])').waitFor();
  });

  it('answers this machine and its own pages only', async () => {
    const target = `${url}/live/smoke/place/${address}`;
    const stranger = { headers: { host: 'simcne.example' } };
    expect((await page.request.get(`${url}/smoke/`, stranger)).status()).toBe(403);
    expect((await page.request.post(target, { data: 'x' })).status()).toBe(403);
    expect((await page.request.get(`${url}/smoke/`)).headers()).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "frame-ancestors 'none'",
    });
  });

  it('finds a killed Temporal server again, and pages find a server that was started again', async () => {
    await page.goto(`${url}/smoke/`);
    await page.getByText('Nothing runs now.').waitFor();
    const server = () =>
      processesOf(place.home, 'server start-dev').find(({ line }) => !line.startsWith('sh '))?.pid;
    const killed = server()!;
    process.kill(killed, 'SIGKILL');
    await until('another server', () => (server() !== killed ? server() : undefined));
    await page.goto('about:blank');
    await sleep(2_500); // nobody looks: what was seen before is forgotten
    await page.goto(`${url}/smoke/`);
    await page.getByText('Nothing runs now.').waitFor();
    serving.process.kill('SIGINT');
    expect((await serving.ended).code).toBe(0);
    await page.getByText('simcne serve has ended').waitFor();
    expect(await serve()).toBe(url);
    await page.getByText('Nothing runs now.').waitFor();
  });

  it('shows losses as they come, what waits, and what failed by its error', async () => {
    const state: LiveState = {
      experiment: 'smoke',
      at: '2026-11-25T00:00:00.000Z',
      answers: true,
      renderedAt: '',
      secondsLeft: 200,
      cells: [
        {
          ...{
            address,
            status: 'running',
            steps: ['fetch', 'prepare', 'train', 'embed', 'score'],
            step: 'train',
          },
          ...{ fraction: 0.25, text: 'epoch 1/4', secondsLeft: 61, attempt: 2, error: 'ChildDied: SIGKILL' },
          training: { losses: [5, 4], learningRates: [0, 0.1], stages: [{ name: 'all', epochs: 4 }] },
        },
        { address: 'shapes/pixels-tsne', status: 'queued', steps: ['tsne', 'score'], step: 'tsne' },
        {
          ...{ address: 'shapes/resnet18-tsne', status: 'failed', steps: [] },
          error: 'OutOfMemory: features: killed by the kernel',
        },
      ],
    };
    await page.route('**/live/smoke', route =>
      route.fulfill({ contentType: 'text/event-stream', body: `data: ${JSON.stringify(state)}\n\n` }),
    );
    await page.goto(`${url}/smoke/`);
    const rows = page.locator('.live-cells li');
    await expect.poll(() => rows.count()).toBe(3);
    expect(await page.locator('.live-cells').textContent()).toMatch(
      /train 25 %.*1 min 01 s left.*epoch 1\/4.*Attempt 2, after ChildDied: SIGKILL.*loss 4\.000.*tsne waits for a worker.*failed.*OutOfMemory: features: killed/s,
    );
    expect(await page.locator('.live-curve polyline').getAttribute('points')).toMatch(/^4.0,4.0 108.0,92.0$/);
    await page.goto(`${url}/smoke/cells/${address}.html`);
    await page.locator('.live-curves figure').nth(1).waitFor();
    expect(await page.locator('.live-steps [aria-current=step]').textContent()).toBe('train');
    expect(await seriousFindings(page)).toEqual([]);
    await page.unroute('**/live/smoke');
  });
});
