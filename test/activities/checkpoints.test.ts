// Claims about checkpoints: the newest whole one is found, a damaged one is passed over.
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openCheckpoints } from '../../activities/checkpoints.ts';
import type { TrainingState } from '../../learning/training-state.ts';
import { ndarray } from '../../numeric/array.ts';

let folder: string;
beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'simcne-checkpoints-')), 'key');
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(path.dirname(folder), { recursive: true });
});

const state = (epoch: number): TrainingState => ({
  epoch,
  weights: new Map([['w', ndarray(Float32Array.of(epoch, 2), [2])]]),
  momentum: new Map([['w', ndarray(Float32Array.of(0, epoch), [2])]]),
  losses: [3, 2],
  learningRates: [0, 1],
});

/** Offers a state of each epoch, a minute apart. */
async function write(...epochs: number[]): Promise<string[]> {
  const checkpoints = openCheckpoints(folder);
  for (const epoch of epochs) {
    vi.setSystemTime(Date.now() + 60_000);
    await checkpoints.offer(() => state(epoch), epoch);
  }
  return (await readdir(folder)).sort();
}

it('gives the newest state back, and keeps two', async () => {
  expect(await write(1, 2, 3)).toHaveLength(2);
  expect(await openCheckpoints(folder).latest()).toEqual(state(3));
});

it('is not written more often than every twenty seconds', async () => {
  const checkpoints = openCheckpoints(folder);
  vi.setSystemTime(Date.now() + 10_000);
  await checkpoints.offer(() => state(1), 1);
  expect(await checkpoints.latest()).toBeUndefined();
});

it('passes over a newest one that is damaged', async () => {
  const [, newest] = await write(1, 2);
  const bytes = await readFile(path.join(folder, newest));
  bytes[bytes.length - 1] ^= 1;
  await writeFile(path.join(folder, newest), bytes);
  expect((await openCheckpoints(folder).latest())?.epoch).toBe(1);
});

it('leaves out what was written before a forced run', async () => {
  const names = await write(1);
  const early = new Date('2026-01-01T00:00:00Z');
  await utimes(path.join(folder, names[0]), early, early);
  expect(await openCheckpoints(folder, '2026-02-01T00:00:00.000Z').latest()).toBeUndefined();
  expect((await openCheckpoints(folder, '2025-02-01T00:00:00.000Z').latest())?.epoch).toBe(1);
});

it('is gone once the training is done', async () => {
  await write(1);
  await openCheckpoints(folder).clear();
  expect(await openCheckpoints(folder).latest()).toBeUndefined();
});
