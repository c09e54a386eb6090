// A set that somebody brings is kept whole or not at all, under its name, by its content.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { type KeepRequest, keepOwnSet, removeOwnSet } from '../../activities/keep-own-set.ts';
import { contentFolder, linkOwnSet, ownSetNamed, ownSets } from '../../activities/own-sets.ts';
import { type CellRecord, keepCellRecord, readCellRecord } from '../../artifacts/cell-record.ts';
import type { OwnImages } from '../../datasets/own/own-images.ts';
import { ndarray } from '../../numeric/arrays/array.ts';
import { temporaryFolder } from '../datasets/temporary-folder.ts';

let store: string;
beforeEach(() => {
  store = temporaryFolder();
});

/** Four images of one level each. */
function images(...levels: number[]): OwnImages {
  return {
    n: 4,
    files: ['1', '2', '3', '4'],
    columns: [],
    leftOut: [],
    labels: Int32Array.of(0, 0, 1, 1),
    classes: ['a', 'b'],
    async *blocks(signal) {
      for (const level of levels) {
        signal?.throwIfAborted();
        yield ndarray(new Uint8Array(12).fill(level), [1, 2, 2, 3]);
      }
    },
  };
}

const keep = (request: Partial<KeepRequest> = {}) =>
  keepOwnSet(store, {
    name: 'mine',
    images: images(1, 2, 3, 4),
    fit: 'crop',
    source: '/somewhere',
    replace: false,
    ...request,
  });
const inFolder = () => readdirSync(path.join(store, 'own-images', 'mine')).sort();

it('is named by its content, which its title is no part of', async () => {
  const first = await keep({ title: 'One' });
  expect(first.reused).toBe(false);
  expect(ownSets(store)).toEqual([first.set]);
  const second = await keep({ title: 'Two', source: '/elsewhere' });
  expect(second).toEqual({ set: { ...first.set, title: 'Two' }, reused: true });
  expect((await keep()).set.title).toBe('Two');
  expect(inFolder()).toEqual([first.set.content, 'set.json'].sort());
});

it('gives way to other images only when told to, and leaves none of them behind', async () => {
  const { set } = await keep();
  const other = { images: images(1, 2, 3, 5) };
  await expect(keep(other)).rejects.toThrow(/"mine" holds other images already \(4, added from \/somewhere/);
  expect(ownSetNamed(store, 'mine')).toEqual(set);
  const replaced = await keep({ ...other, replace: true });
  expect(replaced.set.content).not.toBe(set.content);
  expect(inFolder()).toEqual([replaced.set.content, 'set.json'].sort());
  await expect(linkOwnSet(store, set, temporaryFolder())).rejects.toThrow(
    /mine: the images .* were replaced/,
  );
});

it('is not there when reading fails or is cut off, and what was there stays', async () => {
  const broken: OwnImages = {
    ...images(),
    // biome-ignore lint/correctness/useYield: it fails before the first
    async *blocks() {
      throw new Error('half an image');
    },
  };
  await expect(keep({ images: broken })).rejects.toThrow('half an image');
  const stop = new AbortController();
  const cutOff = keep({
    signal: stop.signal,
    onProgress: done => done === 2 && stop.abort(new Error('Ctrl-C')),
  });
  await expect(cutOff).rejects.toThrow('Ctrl-C');
  expect(ownSets(store)).toEqual([]);
  expect(existsSync(path.join(store, 'own-images', 'mine'))).toBe(false);
  const { set } = await keep();
  await expect(keep({ images: broken, replace: true })).rejects.toThrow('half an image');
  expect(ownSets(store)).toEqual([set]);
  expect(inFolder()).toEqual([set.content, 'set.json'].sort());
});

it('does not pass for whole once it is damaged, until it is added again', async () => {
  const { set } = await keep();
  const file = path.join(contentFolder(store, set), 'levels.bin');
  const bytes = readFileSync(file);
  bytes[7] ^= 1;
  writeFileSync(file, bytes);
  await expect(linkOwnSet(store, set, temporaryFolder())).rejects.toThrow(
    /damaged meanwhile.*"simcne data add"/,
  );
  expect((await keep()).reused).toBe(true);
  const folder = temporaryFolder();
  await linkOwnSet(store, set, folder);
  expect(readdirSync(folder).sort()).toEqual([
    'images.json',
    'known.json',
    'labels.npy',
    'levels.bin',
    'sizes.npy',
  ]);
});

it('is kept once by two who add it at the same time', async () => {
  const both = await Promise.all([keep(), keep()]);
  expect(both.map(({ reused }) => reused).sort()).toEqual([false, true]);
});

it('is removed with the records of its cells, and no others', async () => {
  const record = (address: string): CellRecord => ({
    experiment: 'quick',
    address,
    status: 'done',
    steps: [],
    workflowId: '',
    runId: '',
    finishedAt: '',
  });
  await keep();
  await keep({ name: 'mine-too' });
  for (const address of ['mine/pixels-tsne', 'mine-too/pixels-tsne'])
    await keepCellRecord(store, record(address));
  await removeOwnSet(store, 'mine');
  expect(ownSets(store).map(({ name }) => name)).toEqual(['mine-too']);
  expect(await readCellRecord(store, 'quick', 'mine/pixels-tsne')).toBeUndefined();
  expect(await readCellRecord(store, 'quick', 'mine-too/pixels-tsne')).toBeDefined();
});
