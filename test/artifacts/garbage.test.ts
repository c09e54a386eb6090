// Claims about garbage: what results, running cells and unfinished trainings need is kept; the rest goes, and only that.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepCellRecord } from '../../artifacts/cell-record.ts';
import { findGarbage, removeGarbage } from '../../artifacts/garbage.ts';
import { lockFile, withLock } from '../../artifacts/lock.ts';
import { forgetUses, noteUse } from '../../artifacts/running-cells.ts';
import { type Artifact, openStore, type Store } from '../../artifacts/store.ts';
import { keepOutcomes, keepPages } from '../../artifacts/sweep-pages.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'simcne-garbage-'));
  store = await openStore(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const minutes = 60_000;
const soon = () => Date.now() + 11 * minutes;
const muchLater = () => Date.now() + 31 * 24 * 60 * minutes;

async function make(step: string, settings: unknown, inputs: Record<string, string> = {}): Promise<Artifact> {
  const startedAt = new Date().toISOString();
  const origin = { codeVersion: '0', machine: 'here', startedAt, workflowId: 'w', runId: 'r' };
  const { artifact } = await store.make({ step, version: 1, settings, inputs }, origin, async place => {
    await writeFile(path.join(place, 'made'), JSON.stringify({ step, settings }));
    return { summary: {}, backend: 'test', peakMemoryBytes: 0 };
  });
  return artifact;
}

async function record({ key, digest }: Artifact): Promise<void> {
  await keepCellRecord(folder, {
    experiment: 'quick',
    address: 'bloodmnist/pixels-tsne',
    status: 'done',
    steps: [{ step: 'score', key, digest, reused: false, seconds: 1 }],
    workflowId: 'w',
    runId: 'r',
    finishedAt: new Date().toISOString(),
  });
}

const kinds = async (now: number) => (await findGarbage(store, now)).map(({ kind, key }) => [kind, key]);

it('keeps the cells of a sweep and their outcomes for a year', async () => {
  const sweep = await keepPages(store, [{ address: 'one' }], 100);
  await keepOutcomes(store, { run: 'run', page: 0, part: 'ended' }, []);
  expect(await kinds(muchLater())).toEqual([]);
  const nextYear = Date.now() + 366 * 24 * 60 * minutes;
  expect(await kinds(nextYear)).toEqual([
    ['sweep', sweep],
    ['sweep', 'run'],
  ]);
  expect(await removeGarbage(store, await findGarbage(store, nextYear))).toHaveLength(2);
  expect(await kinds(nextYear)).toEqual([]);
});

it('keeps what a record names, what that was made from, and what came from outside', async () => {
  await make('fetch', 'unused');
  const prepared = await make('prepare', 1);
  const score = await make('score', 1, { images: prepared.digest });
  const orphan = await make('score', 2, { images: prepared.digest });
  await record(score);
  expect(await kinds(soon())).toEqual([['artifact', orphan.key]]);
  const [piece] = await removeGarbage(store, await findGarbage(store, soon()));
  expect(piece.bytes).toBeGreaterThan(10);
  expect(await store.find(orphan.key)).toBeUndefined();
  for (const { key } of [prepared, score]) expect(await store.find(key)).toBeDefined();
  expect(await kinds(soon())).toEqual([]);
});

it('keeps what is young, and what a running cell has used, until its record is kept', async () => {
  const { key } = await make('train', 1);
  expect(await kinds(Date.now())).toEqual([]);
  await noteUse(folder, 'quick/bloodmnist/t-simcne/rot90/seed-1', key);
  expect(await kinds(soon())).toEqual([]);
  await forgetUses(folder, 'quick/bloodmnist/t-simcne/rot90/seed-1');
  expect(await kinds(soon())).toEqual([['artifact', key]]);
});

it('removes what a dead maker left, and nothing of one that is at work', async () => {
  const [dead, busy] = ['a'.repeat(64), 'b'.repeat(64)];
  for (const key of [dead, busy]) await mkdir(path.join(folder, 'partial', `${key}-1`), { recursive: true });
  const lock = lockFile(path.join(folder, 'locks', dead));
  await mkdir(path.dirname(lock));
  await writeFile(lock, '');
  await utimes(lock, new Date(0), new Date(0));
  await withLock(path.join(folder, 'locks', busy), undefined, async () => {
    const removed = await removeGarbage(store, await findGarbage(store, soon()));
    expect(removed.map(({ kind, key }) => [kind, key])).toEqual([
      ['partial', dead],
      ['lock', dead],
    ]);
  });
  expect(await readdir(path.join(folder, 'locks'))).toEqual([]);
  expect(await readdir(path.join(folder, 'partial'))).toEqual([`${busy}-1`]);
});

it('keeps checkpoints until their artifact is there, or nobody went on for a month', async () => {
  const unfinished = store.checkpointFolder('c'.repeat(64));
  await mkdir(unfinished, { recursive: true });
  const { key } = await make('fetch', 1);
  await mkdir(store.checkpointFolder(key), { recursive: true });
  expect(await kinds(soon())).toEqual([['checkpoints', key]]);
  await removeGarbage(store, await findGarbage(store, muchLater()));
  expect(existsSync(unfinished)).toBe(false);
});
