// Claims about checkpoints: the furthest whole one is found, a damaged one is passed over, and no attempt harms another.
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openCheckpoints } from '../../activities/checkpoints.ts';
import type { TrainingState } from '../../learning/training-state.ts';
import { ndarray } from '../../numeric/arrays/array.ts';

let folder: string;
beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'simcne-checkpoints-')), 'key');
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(path.dirname(folder), { recursive: true });
});

const state = (epoch: number, batch = 0): TrainingState => ({
  epoch,
  batch,
  begun: { images: 10 * batch, lossSum: batch / 3 },
  weights: new Map([['w', ndarray(Float32Array.of(epoch, batch), [2])]]),
  momentum: new Map([['w', ndarray(Float32Array.of(0, epoch), [2])]]),
  losses: [3, 2],
  learningRates: [0, 1],
});

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const files = async () => (await readdir(folder)).sort();

/** Writes states of epochs, a minute apart; gives the attempt, and the files that are there then. */
async function write(...epochs: number[]) {
  const checkpoints = openCheckpoints(folder);
  for (const epoch of epochs) {
    later(60_000);
    await checkpoints.offer(() => state(epoch), { epoch, batch: 0 });
  }
  return { checkpoints, names: await files() };
}

it('gives the furthest state back, position within the epoch included, and keeps two', async () => {
  const { checkpoints, names } = await write(1, 2, 3);
  expect(names).toHaveLength(2);
  await checkpoints.write(() => state(3, 11));
  expect(await openCheckpoints(folder).latest()).toEqual(state(3, 11));
  expect(await files()).toHaveLength(2);
});

it('is written when enough time has gone by, or enough epochs, and when the training is about to stop', async () => {
  const checkpoints = openCheckpoints(folder, { interval: { ms: 10_000, epochs: 5 } });
  const offer = (epoch: number, batch: number) =>
    checkpoints.offer(() => state(epoch, batch), { epoch, batch });
  later(9_000);
  await offer(0, 7);
  expect(await checkpoints.latest()).toBeUndefined();
  later(2_000);
  await offer(1, 7);
  expect(await checkpoints.latest()).toEqual(state(1, 7));
  await offer(5, 9);
  expect(await checkpoints.latest()).toEqual(state(1, 7));
  await offer(6, 0);
  expect(await checkpoints.latest()).toEqual(state(6));
  await checkpoints.write(() => state(6, 1));
  expect(await checkpoints.latest()).toEqual(state(6, 1));
});

it('passes over any damage to the furthest one, and writes on from the one before', async () => {
  const { names } = await write(1, 2);
  const newest = path.join(folder, names[1]);
  const whole = await readFile(newest);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.record({ at: fc.nat(whole.length - 1), bit: fc.nat(7) }),
        fc.record({ length: fc.nat(whole.length - 1) }),
      ),
      async damage => {
        const bytes = 'length' in damage ? whole.subarray(0, damage.length) : Buffer.from(whole);
        if ('bit' in damage) bytes[damage.at] ^= 1 << damage.bit;
        await writeFile(newest, bytes);
        expect((await openCheckpoints(folder).latest())?.epoch).toBe(1);
      },
    ),
    { numRuns: 100 },
  );
  const next = openCheckpoints(folder);
  await next.latest();
  await next.write(() => state(2));
  expect(await readFile(newest)).toEqual(whole);
});

it('does not take one that cannot be read now for a damaged one: the training would lose what it holds', async () => {
  const { names } = await write(1, 2);
  await rm(path.join(folder, names[1]));
  await mkdir(path.join(folder, names[1])); // EISDIR, as root reads what has no permissions
  await expect(openCheckpoints(folder).latest()).rejects.toThrow(/EISDIR/);
  await rm(folder, { recursive: true });
  await symlink(folder, folder);
  await expect(openCheckpoints(folder).latest()).rejects.toThrow(/ELOOP/);
});

it('leaves out trainings that began before a forced run, even where they still write', async () => {
  const { checkpoints: zombie } = await write(1);
  const since = new Date().toISOString();
  await zombie.write(() => state(9));
  const forced = () => openCheckpoints(folder, { after: since });
  expect(await forced().latest()).toBeUndefined();
  const attempt = forced();
  await attempt.write(() => state(2));
  await zombie.write(() => state(10));
  expect(await forced().latest()).toEqual(state(2));
});

it('a zombie neither removes nor changes what a newer attempt wrote', async () => {
  const { checkpoints: zombie } = await write(1);
  const newer = openCheckpoints(folder);
  await newer.latest();
  await newer.write(() => state(4));
  await newer.write(() => state(5));
  const before = await files();
  await zombie.write(() => state(2));
  await zombie.write(() => state(3));
  for (const name of before) expect(await files()).toContain(name);
  expect(await openCheckpoints(folder).latest()).toEqual(state(5));
});

describe('snapshots', () => {
  const open = () => openCheckpoints(folder, { snapshotEvery: 2 });
  const train = async (from: number, to: number) => {
    const checkpoints = open();
    await checkpoints.latest();
    for (let epoch = from; epoch <= to; epoch++) {
      await checkpoints.offer(() => state(epoch), { epoch, batch: 0 });
      await checkpoints.offer(() => state(epoch, 3), { epoch, batch: 3 });
      later(60_000);
    }
    return checkpoints;
  };
  const epochs = async (checkpoints = open()) => {
    await checkpoints.latest();
    const states = [];
    for await (const one of checkpoints.snapshots()) states.push(one);
    expect(states).toEqual(states.map(({ epoch }) => state(epoch)));
    return states.map(({ epoch }) => epoch);
  };
  const damage = async (epoch: number) => {
    const [name] = (await files()).filter(one => one.startsWith(`epoch-00000${epoch}-batch-000000`));
    await writeFile(path.join(folder, name), 'damaged');
  };

  it('are kept, however soon they come and however many checkpoints follow, over interruptions', async () => {
    await train(1, 5);
    const checkpoints = await train(5, 9);
    expect(await epochs(checkpoints)).toEqual([2, 4, 6, 8]);
    expect(await files()).toHaveLength(4 + 1);
  });

  it('that are damaged or gone are made again: the training goes back behind them', async () => {
    await train(1, 9);
    await damage(6);
    expect((await open().latest())?.epoch).toBe(4);
  });
});
