import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import {
  type CellRecord,
  keepCellRecord,
  keepHits,
  readCellRecord,
  recordedExperiments,
} from '../../artifacts/cell-record.ts';

it('reads a cell’s record back, and takes a damaged one for none', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'simcne-records-'));
  const record: CellRecord = {
    experiment: 'quick',
    address: 'bloodmnist/t-simcne/rot90/seed-1',
    status: 'done',
    knn: 0.7,
    silhouette: 0.1,
    steps: [],
    workflowId: 'w',
    runId: 'r',
    finishedAt: '2026-01-01T00:00:00.000Z',
  };
  await keepCellRecord(folder, record);
  expect(await readCellRecord(folder, record.experiment, record.address)).toMatchObject(record);
  expect(await recordedExperiments(folder)).toEqual(['quick']);
  await writeFile(path.join(folder, 'cells', 'quick', 'bloodmnist~t-simcne~rot90~seed-1.json'), '{');
  expect(await readCellRecord(folder, record.experiment, record.address)).toBeUndefined();
  await rm(folder, { recursive: true });
});

it('adds up what a cell’s runs found in the store, each run once', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'simcne-records-'));
  const run = (runId: string, reused: boolean) =>
    keepCellRecord(folder, {
      ...{ experiment: 'quick', address: 'x', status: 'done', workflowId: 'w', runId, finishedAt: '' },
      steps: [{ step: 'train', key: 'k', digest: 'd', reused, seconds: 10 }],
    });
  const hits = async () => (await readCellRecord(folder, 'quick', 'x'))?.earlierHits;
  await run('1', false);
  await run('2', true);
  expect(await hits()).toEqual([]);
  await run('3', true);
  await run('3', true); // as an activity that was tried again
  expect(await hits()).toEqual([{ step: 'train', hits: 1, seconds: 10 }]);
  await run('4', false);
  expect(await hits()).toEqual([{ step: 'train', hits: 2, seconds: 20 }]);
  for (const runId of ['5', '5', '6']) {
    await keepHits(folder, (await readCellRecord(folder, 'quick', 'x'))!, runId); // it found the whole cell
  }
  expect(await hits()).toEqual([{ step: 'train', hits: 4, seconds: 40 }]);
  expect(await readCellRecord(folder, 'quick', 'x')).toMatchObject({
    runId: '4',
    steps: [{ reused: false }],
  });
  await rm(folder, { recursive: true });
});
