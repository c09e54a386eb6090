// Images of one's own from a folder to the table, on the real server: added, run, changed, run again, removed.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawShapes } from '../../datasets/synthetic-shapes.ts';
import { simcne, temporaryHome } from './command-line.ts';

const pixels = ['run', 'smoke', '--dataset', 'mine', '--method', 'pixels-tsne', '--json'];
const network = 'smoke/mine/t-simcne/rot90/seed-1';

let place: Awaited<ReturnType<typeof temporaryHome>>;
let folder: string;
let kept: string;

beforeAll(async () => {
  place = await temporaryHome();
  folder = path.join(place.home, 'cells');
  const { images, labels, classes } = drawShapes({ count: 60, seed: 5 });
  for (let i = 0; i < 60; i++) {
    const file = path.join(folder, classes[labels.data[i]].name, String(i).padStart(2, '0'));
    await mkdir(path.dirname(file), { recursive: true });
    const raw = { width: 28, height: 28, channels: 3 } as const;
    const image = sharp(images.data.subarray(i * 28 * 28 * 3, (i + 1) * 28 * 28 * 3), { raw });
    const wider = image.extend({ left: i % 4, right: i % 4, extendWith: 'copy' }); // various sizes
    await (i % 2 ? wider.png().toFile(`${file}.png`) : wider.tiff().toFile(`${file}.tif`));
  }
});
afterAll(() => place.remove());

const run = async (...words: string[]) => {
  const ended = await simcne(place.home, ...words);
  return { ...ended, json: ended.stdout.startsWith('{') ? JSON.parse(ended.stdout) : undefined };
};
const add = (...more: string[]) => run('data', 'add', 'mine', '--folder', folder, ...more, '--json');

it('takes a folder in, once', async () => {
  const first = await add('--title', 'My cells');
  kept = first.json.datasets[0].folder;
  expect(first).toMatchObject({
    code: 0,
    json: { datasets: [{ name: 'mine', state: 'own', n: 60, reused: false }] },
  });
  expect((await add()).json.datasets[0]).toMatchObject({ title: 'My cells', reused: true });
  const { json: list } = await run('data', 'list', '--json');
  expect(list.datasets.find((one: { name: string }) => one.name === 'mine')).toMatchObject({
    classes: ['disc', 'square', 'stripes'],
    imageSize: [28, 28], // the middle squares
    state: 'own',
  });
});

it('trains on it, tells table, status and report, and embeds its images as it embedded them in training', async () => {
  const ended = await run(...pixels, '--method', 't-simcne');
  expect(ended.code).toBe(0);
  expect(ended.json.cells.map((cell: { status: string }) => cell.status)).toEqual(['done', 'done']);
  const { rows } = (await run('table', 'smoke', '--json')).json;
  const own = rows.filter((row: { dataset: string }) => row.dataset === 'mine');
  expect(own.map((row: { method: string }) => row.method)).toEqual(['t-simcne', 'pixels-tsne']); // what was asked for
  expect(own[0]).toMatchObject({ status: 'done', paper: null });
  const { cells } = (await run('status', 'smoke', '--json')).json;
  const done = cells.filter((cell: { status: string }) => cell.status === 'done');
  expect(done.map((cell: { address: string }) => cell.address)).toEqual(own.map(addressOf));
  const page = await readFile(path.join(place.home, 'reports', 'smoke', 'index.html'), 'utf8');
  expect(page).toContain('<h2>My cells</h2>');
  await embedsAsInTraining(own[0].silhouette.mean);
});

const addressOf = ({ method }: { method: string }) =>
  method === 't-simcne' ? 'mine/t-simcne/rot90/seed-1' : `mine/${method}`;

/** One folder of all images, in the order in which they are kept: the scores of both embeddings are the same. */
async function embedsAsInTraining(silhouette: number): Promise<void> {
  const file = (name: string) => path.join(place.home, name);
  await mkdir(file('flat'));
  for (const className of await readdir(folder)) {
    for (const name of await readdir(path.join(folder, className))) {
      await sharp(path.join(folder, className, name))
        .png()
        .toFile(file(`flat/${className}-${name}.png`));
    }
  }
  const embed = await run(
    'embed',
    '--cell',
    network,
    '--images',
    file('flat'),
    '--output',
    file('y.npy'),
    '--json',
  );
  expect(embed.json).toMatchObject({ n: 60, leftOut: [] });
  expect(embed.json.files[0]).toBe('disc-00.tif.png');
  const table = (await readFile(file('y.csv'), 'utf8')).split('\r\n');
  expect(table[0]).toBe('file,x,y');
  expect(table[1]).toMatch(/^disc-00\.tif\.png,-?\d/);
  expect(table).toHaveLength(62);
  const labels = path.join(kept, 'labels.npy');
  const score = await run('score', '--embedding', file('y.npy'), '--labels', labels, '--json');
  expect(score.json.silhouette).toBe(silhouette);
}

it('keeps other images only when told to, and then makes again what they change', async () => {
  await rm(path.join(folder, 'disc', '00.tif'));
  const refused = await add();
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/"mine" holds other images already \(60, .*say --replace/);
  expect((await add('--replace')).json.datasets[0]).toMatchObject({
    n: 59,
    title: 'My cells',
    reused: false,
  });
  const { rows } = (await run('table', 'smoke', '--json')).json;
  const [before] = rows.filter((row: { dataset: string }) => row.dataset === 'mine');
  expect(before).toMatchObject({
    status: 'missing',
    note: expect.stringMatching(/since other images were added/),
  });
  const { json: plan } = await run(
    'plan',
    'smoke',
    '--dataset',
    'mine',
    '--method',
    'resnet18-tsne',
    '--json',
  );
  expect(plan.cells[0].steps.map((step: { state: string }) => step.state)).not.toContain('HIT');
  const again = await run('rerun', 'smoke/mine/pixels-tsne', '--json');
  expect(again.json.cells).toMatchObject([{ status: 'done', reused: false }]);
});

it('makes a map of images without classes, and shows where each comes from', async () => {
  const flat = path.join(place.home, 'flat');
  const table = path.join(place.home, 'known.csv');
  const names = (await readdir(flat)).sort();
  await writeFile(table, `image,patient\n${names.map((name, i) => `${name},P${i}`).join('\n')}\n`);
  const added = await run('data', 'add', 'plain', '--folder', flat, '--labels', table, '--json');
  expect(added.json.datasets[0]).toMatchObject({ n: 60, classes: [], unlabelled: 60, columns: ['patient'] });
  const words = pixels.map(word => (word === 'mine' ? 'plain' : word));
  const ended = await run(...words);
  expect(ended.json.cells).toMatchObject([{ status: 'done' }]);
  expect(ended.json.cells[0].knn ?? null).toBeNull();
  const { rows } = (await run('table', 'smoke', '--json')).json;
  const [row] = rows.filter((one: { dataset: string }) => one.dataset === 'plain');
  expect(row).toMatchObject({ status: 'done', knn: { mean: null }, note: 'no classes' });
  const data = await readFile(path.join(place.home, 'reports/smoke/data/plain/pixels-tsne.js'), 'utf8');
  expect(data).toContain(names[7]);
  const page = await readFile(
    path.join(place.home, 'reports/smoke/cells/plain/pixels-tsne.html'),
    'utf8',
  ).catch(() => '');
  expect(page).toContain('no classes');
  expect((await run('data', 'remove', 'plain', '--json')).code).toBe(0);
});

it('goes with all that stood of it', async () => {
  expect((await run('data', 'remove', 'mine', '--json')).json.datasets).toMatchObject([{ name: 'mine' }]);
  const { rows } = (await run('table', 'smoke', '--json')).json;
  expect(rows.filter((row: { dataset: string }) => row.dataset === 'mine')).toEqual([]);
  expect((await run('data', 'remove', 'mine')).stderr).toMatch(/no images of your own are kept as "mine"/);
  expect(await readdir(path.join(place.home, 'store', 'own-images'))).toEqual([]);
});
