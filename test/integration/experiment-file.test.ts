// Claims about an experiment in a file, on a real server with real workers: what the code's own experiment made of the same is found, its
// name works ever after, and a change makes again what it concerns, and nothing that still fits.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { simcne, temporaryHome } from './command-line.ts';

const pixels = 'shapes/pixels-tsne';

let place: Awaited<ReturnType<typeof temporaryHome>>;
let file: string;
let text: string;
beforeAll(async () => {
  place = await temporaryHome();
  file = path.join(place.home, 'sweep.yaml');
  const { stdout } = await simcne(place.home, 'init', 'smoke');
  text = stdout
    .replace(/name: .*/, 'name: sweep # mine')
    .replace(/methods: \[.*\]/, 'methods: [pixels-tsne]');
  await writeFile(file, text);
});
afterAll(() => place.remove());

async function json(...words: string[]) {
  const { code, stdout, stderr } = await simcne(place.home, ...words, '--json');
  expect([code, stderr.includes('    at ')]).toEqual([0, false]);
  return JSON.parse(stdout);
}

async function plannedStates(words: string) {
  const { cells, dropped } = await json('plan', words);
  const states = cells.map(({ steps, changed }: { steps: { state: string }[]; changed?: unknown }) => ({
    states: [...new Set(steps.map(({ state }) => state))],
    ...(changed ? { changed } : {}),
  }));
  return { states, dropped };
}

it('makes again what a change concerns, and nothing that still fits', async () => {
  await json('run', 'smoke', '--method', 'pixels-tsne');
  expect(await plannedStates(file)).toEqual({ states: [{ states: ['HIT'] }], dropped: [] });
  const ran = await json('run', file);
  expect(ran).toMatchObject({
    experiment: 'sweep',
    cells: [{ address: pixels, status: 'done', reused: true }],
  });
  const made = async (experiment: string) =>
    (await json('table', experiment)).rows.find(({ method }: { method: string }) => method === 'pixels-tsne');
  expect(await made('sweep')).toEqual(await made('smoke'));

  await writeFile(file, text.replace('images: 240', 'images: 200'));
  expect(await plannedStates(file)).toEqual({
    states: [{ states: ['HIT', 'RUN'], changed: [{ setting: 'prepare.images', a: 240, b: 200 }] }],
    dropped: [],
  });
  expect(await made('sweep')).toMatchObject({
    status: 'missing',
    note: expect.stringMatching(/were changed/),
  });
  await json('rerun', `sweep/${pixels}`);
  expect(await made('sweep')).toMatchObject({ status: 'done' });
  expect(await plannedStates('sweep')).toEqual({ states: [{ states: ['HIT'] }], dropped: [] });

  await writeFile(file, text); // as it was
  expect((await plannedStates(file)).states).toMatchObject([{ states: ['HIT'] }]);
  expect((await json('compare', 'smoke', file)).rows).toBeInstanceOf(Array);
  const alone = await simcne(place.home, 'compare', 'sweep'); // one row: there is none to put beside it
  expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('no two rows')]);
  expect((await json('status', 'sweep')).cells).toMatchObject([{ address: pixels }]);
  expect((await json('gc', '--dry-run')).removed).toBe(0);
}, 240_000);

it('says of a wrong file what is wrong, once, before any work', async () => {
  await writeFile(file, text.replace('imageSize: 28', 'imagesize: 28'));
  for (const command of ['plan', 'run', 'table', 'report', 'status', 'cancel', 'serve']) {
    const { code, stdout, stderr } = await simcne(place.home, command, file);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/sweep\.yaml, line 15: .*imagesize is no setting \(did you mean imageSize\?\)/);
    expect(stderr).not.toMatch(/\n\s+at /);
  }
});
