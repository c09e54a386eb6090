// Claims about results as they are read back: why a cell has no number, and where its link to the Temporal UI leads.
import { beforeEach, expect, it, vi } from 'vitest';
import { experimentResult } from '../../activities/experiment-result.ts';
import { keepOwnSet } from '../../activities/keep-own-set.ts';
import { keepCellRecord } from '../../artifacts/cell-record.ts';
import { forgetUses, noteUse } from '../../artifacts/running-cells.ts';
import { openStore, type Store } from '../../artifacts/store.ts';
import { openWorkplace } from '../../infra/workers/workplace.ts';
import { ndarray } from '../../numeric/arrays/array.ts';
import { matrixMarkdown, scoreMatrix } from '../../reports/exhibits/score-tables.ts';
import { resultsTable } from '../../reports/table/results-table.ts';
import { tableMarkdown } from '../../reports/table/table-markdown.ts';
import { temporaryFolder } from '../datasets/temporary-folder.ts';

let store: Store;
beforeEach(async () => {
  store = await openStore(temporaryFolder());
});

/** Keeps 60 images of one level each as somebody's own, `mine`. */
async function addOwnImages(): Promise<void> {
  const images = {
    n: 60,
    files: Array.from({ length: 60 }, (_, i) => `${i}.png`),
    columns: [],
    leftOut: [],
    labels: Int32Array.from({ length: 60 }, (_, i) => i % 2),
    classes: ['a', 'b'],
    async *blocks() {
      for (let i = 0; i < 60; i++) yield ndarray(new Uint8Array(12).fill(i), [1, 2, 2, 3]);
    },
  };
  await keepOwnSet(store.folder, { name: 'mine', images, fit: 'crop', source: '/somewhere', replace: false });
}

/** A record that says a cell of `smoke` was made, of files of that key. */
const keepRecord = (address: string, fetchKey: string, knn = 0.5) =>
  keepCellRecord(store.folder, {
    experiment: 'smoke',
    address,
    status: 'done',
    knn,
    silhouette: 0,
    steps: [{ step: 'fetch', key: fetchKey, digest: 'd', reused: false, seconds: 1 }],
    workflowId: `smoke/${address}`,
    runId: 'run',
    finishedAt: '2026-11-25T00:00:00.000Z',
  });

async function resultOf(address: string, temporalUi?: string) {
  const source = { store, codeVersion: '1', temporalUi };
  const { cells } = await experimentResult(source, 'smoke', { arrays: false });
  return cells.find(cell => cell.address === address);
}

it('a cell that was begun and has no record is told from one that was never run', async () => {
  expect(await resultOf('shapes/pixels-tsne')).toMatchObject({ status: 'missing', reason: 'not run yet' });
  await noteUse(store.folder, 'smoke/shapes/pixels-tsne', 'key');
  expect((await resultOf('shapes/pixels-tsne'))?.reason).toMatch(/^begun, .*"simcne status smoke"/);
  await forgetUses(store.folder, 'smoke/shapes/pixels-tsne');
  expect((await resultOf('shapes/pixels-tsne'))?.reason).toBe('not run yet');
});

it('so is a cell of own images from one that was made of others', async () => {
  await addOwnImages();
  expect(await resultOf('mine/pixels-tsne')).toBeUndefined();
  await noteUse(store.folder, 'smoke/mine/pixels-tsne', 'key');
  expect((await resultOf('mine/pixels-tsne'))?.reason).toMatch(/^begun, /);
  await keepRecord('mine/pixels-tsne', 'of the images before');
  expect((await resultOf('mine/pixels-tsne'))?.reason).toMatch(/^begun, /);
  await forgetUses(store.folder, 'smoke/mine/pixels-tsne');
  expect((await resultOf('mine/pixels-tsne'))?.reason).toMatch(/^not run since other images were added/);
});

it('a score that changes in the store changes in the table and in the paper’s', async () => {
  for (const knn of [0.5, 0.8123]) {
    await keepRecord('shapes/pixels-tsne', 'key', knn);
    const table = resultsTable(
      await experimentResult({ store, codeVersion: '1' }, 'smoke', { arrays: false }),
    );
    const text = (100 * knn).toFixed(1);
    expect(tableMarkdown(table)).toContain(`| t-SNE, pixel space | ${text} |`);
    expect(matrixMarkdown(scoreMatrix(table, 'knn'))).toContain(`| t-SNE, pixel space | **${text}** |`);
  }
});

it('links lead to the namespace in use', async () => {
  vi.stubEnv('SIMCNE_HOME', store.folder);
  const { temporalUi } = await openWorkplace({ uiUrl: 'http://127.0.0.1:8233', namespace: 'my own' }, 1);
  await keepRecord('shapes/pixels-tsne', 'key');
  expect((await resultOf('shapes/pixels-tsne', temporalUi))?.workflowUrl).toBe(
    'http://127.0.0.1:8233/namespaces/my%20own/workflows/smoke%2Fshapes%2Fpixels-tsne/run',
  );
  vi.unstubAllEnvs();
});
