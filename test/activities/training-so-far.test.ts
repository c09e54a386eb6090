import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openTrainingSoFar, readTrainingSoFar } from '../../activities/training-so-far.ts';

it('can be read while the training goes on, from what an earlier attempt had on', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'simcne-so-far-'));
  const stages = [{ name: 'all', epochs: 4 }];
  expect(await readTrainingSoFar(folder)).toBeUndefined();
  const soFar = openTrainingSoFar(folder, stages, { losses: [5, 4], learningRates: [0, 0.1] });
  await expect.poll(() => readTrainingSoFar(folder)).toMatchObject({ losses: [5, 4] });
  soFar.add({ loss: 3, learningRate: 0.05 });
  await expect
    .poll(() => readTrainingSoFar(folder))
    .toEqual({ losses: [5, 4, 3], learningRates: [0, 0.1, 0.05], stages });
  openTrainingSoFar(folder, stages); // begun anew: what was there does not count
  await expect.poll(() => readTrainingSoFar(folder)).toMatchObject({ losses: [] });
  expect(await readdir(folder)).toHaveLength(1);
  await rm(folder, { recursive: true });
});
