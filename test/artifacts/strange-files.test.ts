// What desktops, file servers and people leave in a store is passed over by everything that lists it, and left where it is.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ownSets } from '../../activities/own-sets.ts';
import { readAttempts } from '../../artifacts/attempt-record.ts';
import { cellRecords, keepCellRecord, recordedKeys, removeCellRecords } from '../../artifacts/cell-record.ts';
import { findGarbage, removeGarbage } from '../../artifacts/garbage.ts';
import { noteUse, usedKeys } from '../../artifacts/running-cells.ts';
import { openStore } from '../../artifacts/store.ts';
import { temporaryFolder } from '../datasets/temporary-folder.ts';
import { made, origin } from './made-artifact.ts';

const recipe = { step: 'tsne', version: 1, settings: {}, inputs: {} };
const places = [
  '',
  'artifacts',
  'artifacts/GROUP',
  'artifacts/GROUP/KEY',
  'attempts',
  'attempts/quick',
  'cells',
  'cells/quick',
  'checkpoints',
  'checkpoints/GROUP',
  'experiments',
  'locks',
  'own-images',
  'own-images/mine',
  'partial',
  'running',
];
const names = [
  '.DS_Store',
  'Thumbs.db',
  '@eaDir/Thumbs.db',
  'bloodmnist~x.json.1.part',
  'notes.txt',
  'x.json/y',
];

it('in every folder of it', async () => {
  const folder = temporaryFolder();
  const store = await openStore(folder);
  const { artifact } = await store.make(recipe, origin(), async place => {
    await writeFile(path.join(place, 'embedding.npy'), 'embedding');
    return made;
  });
  const { key, digest } = artifact;
  const record = { experiment: 'quick', address: 'bloodmnist/pixels-tsne', status: 'done' as const };
  await keepCellRecord(folder, {
    ...{ ...record, steps: [{ step: 'tsne', key, digest, reused: false, seconds: 1 }] },
    ...{ workflowId: 'w', runId: 'r', finishedAt: new Date().toISOString() },
  });
  await noteUse(folder, 'quick/x', key);
  const strange: string[] = [];
  for (const place of places) {
    for (const name of names) {
      const where = place.replace('GROUP', key.slice(0, 2)).replace('KEY', key);
      strange.push(path.join(folder, where, name));
      await mkdir(path.dirname(strange.at(-1)!), { recursive: true });
      await writeFile(strange.at(-1)!, '\0\0\0\x01Bud1');
    }
  }
  expect((await store.manifests()).map(one => one.key)).toEqual([key]);
  expect((await store.find(key))?.digest).toBe(digest);
  expect(await recordedKeys(folder)).toEqual([key]);
  expect(await cellRecords(folder, 'quick')).toMatchObject([record]);
  expect(await usedKeys(folder)).toEqual([key]);
  expect(await readAttempts(folder, 'quick')).toEqual([]);
  expect(ownSets(folder)).toEqual([]);
  const muchLater = Date.now() + 100 * 24 * 3600_000;
  expect(await removeGarbage(store, await findGarbage(store, muchLater))).toEqual([]);
  await removeCellRecords(folder, 'bloodmnist');
  expect(await cellRecords(folder, 'quick')).toEqual([]);
  expect(strange.filter(file => !existsSync(file))).toEqual([]);
});
