// The smoke experiment on the real server and workers: every kind of step, then what people do with its results.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifactStarts } from './artifact-digests.ts';
import { type Ended, simcne, temporaryHome } from './command-line.ts';
import { cells, expectEveryCell } from './smoke-cells.ts';

let place: Awaited<ReturnType<typeof temporaryHome>>;
let first: Ended;

beforeAll(async () => {
  place = await temporaryHome();
  first = await simcne(place.home, 'run', 'smoke', '--json');
});
afterAll(() => place.remove());

const artifactTimes = () => artifactStarts(place.home);

const changed = (before: Map<string, string>, after: Map<string, string>) =>
  [...after].filter(([name, time]) => before.get(name) !== time).map(([name]) => name.split(' ')[0]);

describe('run smoke', () => {
  it('makes every cell', () => expectEveryCell(first));

  it('leaves its report, and no half-made artifact', async () => {
    const page = await readFile(path.join(place.home, 'reports', 'smoke', 'index.html'), 'utf8');
    expect(page).toContain('data-metric');
    expect(await readdir(path.join(place.home, 'store', 'partial'))).toEqual([]);
  });

  it('says the same numbers in the table as in the run', async () => {
    const table = await simcne(place.home, 'table', 'smoke', '--json');
    const { rows } = JSON.parse(table.stdout);
    expect(rows.map((row: { knn: { mean: number } }) => row.knn.mean)).toEqual(
      cells(first).map(cell => cell.knn),
    );
    const kept = await readFile(path.join(place.home, 'store', 'experiments', 'smoke.json'), 'utf8');
    expect(JSON.parse(kept).table).toEqual(JSON.parse(table.stdout));
  });

  it('scores the snapshots of its trainings, the last as their cells, and draws them; those that are known are not scored again', async () => {
    const scaling = async () => JSON.parse((await simcne(place.home, 'scaling', 'smoke', '--json')).stdout);
    const { rows, files } = await scaling();
    const of = (address: string) => rows.filter((row: { address: string }) => row.address === address);
    const trained = cells(first).filter(({ address }) => /t-simcne|simclr/.test(address));
    const epochs = trained.map(({ address }) => of(address).map((row: { epoch: number }) => row.epoch));
    expect(epochs).toEqual([
      [2, 4, 6, 7],
      [2, 3],
    ]);
    for (const { address, knn, silhouette } of trained) {
      expect(of(address).at(-1)).toMatchObject({ knn, silhouette, samples: 240 * of(address).at(-1).epoch });
    }
    expect(await readFile(files[0], 'utf8')).toContain('images seen');
    const kept = path.join(place.home, 'reports', 'smoke', 'snapshots.json');
    const { mtimeMs } = await stat(kept);
    expect((await scaling()).rows).toEqual(rows);
    expect((await stat(kept)).mtimeMs).toBe(mtimeMs);
  });

  it('does nothing again the second time', async () => {
    const before = await artifactTimes();
    const report = path.join(place.home, 'reports', 'smoke', 'index.html');
    const reportBefore = (await stat(report)).mtimeMs;
    const second = await simcne(place.home, 'run', 'smoke', '--json');
    expect((await stat(report)).mtimeMs).toBe(reportBefore);
    expect(cells(second).every(cell => cell.reused && cell.status === 'done')).toBe(true);
    expect(cells(second).map(cell => cell.knn)).toEqual(cells(first).map(cell => cell.knn));
    expect(changed(before, await artifactTimes())).toEqual([]);
    const [once, twice] = [first, second].map(ended => JSON.parse(ended.stdout).ledger.steps.at(-1));
    const { usefulSeconds, lostSeconds, attempts } = once;
    expect(twice).toMatchObject({ usefulSeconds, lostSeconds, attempts });
    expect(twice.savedByHits).toBeGreaterThan(usefulSeconds); // what cells share was saved in the first run, too
  });

  it('redoes a forced step and what follows it, and nothing else', async () => {
    const before = await artifactTimes();
    const report = path.join(place.home, 'reports', 'smoke', 'index.html');
    const reportBefore = (await stat(report)).mtimeMs;
    const again = await simcne(
      place.home,
      'rerun',
      'smoke/shapes/simclr-tsne/rot90/seed-1',
      '--force',
      'train',
      '--json',
    );
    expect(again.code).toBe(0);
    const after = await artifactTimes();
    expect(changed(before, after).sort()).toEqual(['embed', 'score', 'train', 'tsne']);
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort()); // the same seed made the same bits, so the same keys
    expect((await stat(report)).mtimeMs).toBeGreaterThan(reportBefore);
    expect(cells(again)[0]).toMatchObject({ reused: false, knn: cells(first)[1].knn }); // the same seed, the same numbers
  });

  it('makes a damaged artifact again', async () => {
    const before = await artifactTimes();
    const [name] = [...before.keys()].filter(one => one.startsWith('embed'));
    const key = name.split(' ')[1];
    const file = path.join(place.home, 'store', 'artifacts', key.slice(0, 2), key, 'embedding.npy');
    const bytes = await readFile(file);
    bytes[200] ^= 1;
    await writeFile(file, bytes);
    const again = await simcne(place.home, 'run', 'smoke', '--json');
    expect(again).toMatchObject({ code: 0 });
    expect(changed(before, await artifactTimes())).toEqual(['embed']);
    expect(cells(again).map(cell => cell.knn)).toEqual(cells(first).map(cell => cell.knn));
  });

  it('embeds images out of sample as it embedded them in training', async () => {
    const manifests = [...(await artifactTimes()).keys()];
    const folderOf = (step: string) => {
      const key = manifests.find(name => name.startsWith(`${step} `))!.split(' ')[1];
      return path.join(place.home, 'store', 'artifacts', key.slice(0, 2), key);
    };
    const images = path.join(folderOf('prepare'), 'images.npy');
    const output = path.join(place.home, 'embedded.npy');
    const cell = 'smoke/shapes/t-simcne/rot90/seed-1';
    const ended = await simcne(
      place.home,
      'embed',
      '--cell',
      cell,
      '--images',
      images,
      '--output',
      output,
      '--json',
    );
    const { n, files } = JSON.parse(ended.stdout);
    expect([n, files.length, new Set(files).size]).toEqual([240, 240, 240]);
    const score = await simcne(
      place.home,
      'score',
      '--embedding',
      output,
      '--labels',
      path.join(folderOf('prepare'), 'labels.npy'),
      '--json',
    );
    expect(JSON.parse(score.stdout).silhouette).toBe(cells(first)[0].silhouette);
    const folder = path.join(place.home, 'pictures');
    await mkdir(folder);
    await copyFile(path.join(folderOf('prepare'), 'thumbnails.png'), path.join(folder, 'one.png'));
    const one = await simcne(
      place.home,
      'embed',
      '--cell',
      cell,
      '--images',
      folder,
      '--output',
      output,
      '--json',
    );
    expect(JSON.parse(one.stdout)).toEqual({ n: 1, files: ['one.png'], leftOut: [] });
    const tsne = await simcne(
      place.home,
      'embed',
      '--cell',
      'smoke/shapes/pixels-tsne',
      '--images',
      images,
      '--output',
      output,
    );
    expect(tsne.code).toBe(2);
    expect(tsne.stderr).toMatch(/only t-SimCNE maps new images/);
  });

  it('plans nothing but hits, and says how every cell stands', async () => {
    const plan = JSON.parse((await simcne(place.home, 'plan', 'smoke', '--json')).stdout);
    const states = plan.cells.flatMap((cell: { steps: { state: string }[] }) =>
      cell.steps.map(step => step.state),
    );
    expect(new Set(states)).toEqual(new Set(['HIT']));
    const status = JSON.parse((await simcne(place.home, 'status', 'smoke', '--json')).stdout);
    expect(status.cells.map((cell: { status: string }) => cell.status)).toEqual([
      'done',
      'done',
      'done',
      'done',
    ]);
  });

  it('leaves no server behind', () => {
    expect(existsSync(path.join(place.home, 'temporal.db'))).toBe(true);
    expect(first.stderr).not.toMatch(/EADDRINUSE/);
  });
});
