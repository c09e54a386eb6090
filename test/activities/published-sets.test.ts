// From the published files to the table: small sets in the true formats, through the very steps of the paper's cells. (The true
// files have checksums that no small file can have, so the command line would refuse these.)
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { bringFiles } from '../../activities/bring-files.ts';
import { experimentResult } from '../../activities/experiment-result.ts';
import { recipeOf } from '../../activities/recipe-of.ts';
import type { StepJob, StepWork } from '../../activities/step-work.ts';
import { stepWork } from '../../activities/steps/catalogue.ts';
import { prepareDataset } from '../../activities/steps/prepare.ts';
import { keepCellRecord } from '../../artifacts/cell-record.ts';
import { type Artifact, openStore } from '../../artifacts/store.ts';
import { type CifarRules, readCifar10 } from '../../datasets/cifar10/cifar10.ts';
import { cifar10 } from '../../datasets/cifar10/cifar10-set.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { openInMemory } from '../../datasets/image-set.ts';
import { openLeukemia } from '../../datasets/leukemia/leukemia.ts';
import { leukemia } from '../../datasets/leukemia/leukemia-set.ts';
import { openPcam, type PcamRules } from '../../datasets/pcam/pcam.ts';
import { pcam16 } from '../../datasets/pcam/pcam-set.ts';
import { experimentNamed } from '../../experiments/catalogue.ts';
import { cellsOf } from '../../experiments/experiment.ts';
import { trainingOf } from '../../experiments/paper-training.ts';
import type { Step, StepName } from '../../experiments/steps.ts';
import { resultsTable } from '../../reports/table/results-table.ts';
import { cifarMembers, tarGz } from '../datasets/cifar10-file.ts';
import { leukemiaRules, medimetaMembers, originals, writeFolder, zip } from '../datasets/leukemia-files.ts';
import { pcamArrays, pcamFiles } from '../datasets/pcam-files.ts';
import { temporaryFolder } from '../datasets/temporary-folder.ts';

/** Makes all steps of a cell of an experiment, as workers do, and reads its row of the table. */
async function rowOf(experiment: string, address: string, dataset: Dataset, byHand: Map<string, string>) {
  const store = await openStore(temporaryFolder());
  const artifacts = new Map<StepName, Artifact>();
  const cell = cellsOf(experimentNamed(experiment)).find(one => one.address === address)!;
  for (const step of cell.steps.map(scaled)) {
    const inputs = Object.entries(step.inputs).map(([role, name]) => [role, artifacts.get(name)!] as const);
    const origin = { codeVersion: '', machine: '', startedAt: '2026-01-01', workflowId: '', runId: '' };
    const { artifact } = await store.make(
      recipeOf(step, Object.fromEntries(inputs)),
      origin,
      async folder => {
        const job: StepJob = {
          settings: step.settings,
          inputs: Object.fromEntries(
            inputs.map(([role, { folder, manifest }]) => [
              role,
              { step: manifest.recipe.step as StepName, folder },
            ]),
          ),
          folder,
          store: store.folder,
          checkpointFolder: path.join(store.folder, 'checkpoints', step.step),
          downloads: [],
          checkpointsAfter: '',
          threads: 1,
          signal: new AbortController().signal,
          onProgress: () => {},
          onCheckpoint: () => {},
        };
        return { ...(await perform(step, job, dataset, byHand)), peakMemoryBytes: 0 };
      },
    );
    artifacts.set(step.step, artifact);
  }
  const { knn, silhouette } = artifacts.get('score')!.manifest.summary as { knn: number; silhouette: number };
  await keepCellRecord(store.folder, {
    experiment,
    address,
    status: 'done',
    knn,
    silhouette,
    steps: [...artifacts].map(([step, { key, digest }]) => ({
      step,
      key,
      digest,
      reused: false,
      seconds: 1,
    })),
    workflowId: '',
    runId: '',
    finishedAt: '2026-01-01',
  });
  const result = await experimentResult({ store, codeVersion: '' }, experiment);
  const row = resultsTable(result).rows.find(({ status }) => status === 'done');
  return { row, made: result.datasets[dataset.name] };
}

/** As little of everything as still is all of it. */
function scaled(step: Step): Step {
  if (step.step === 'tsne') return { ...step, settings: { ...step.settings, perplexity: 10 } };
  if (step.step !== 'train' && step.step !== 'embed') return step;
  const network = { ...step.settings.network, width: 4 };
  if (step.step === 'embed') return { ...step, settings: { ...step.settings, network } };
  const epochs = { tsimcne: [2, 1, 1], simclr: 1, warmUp: 0 } as Parameters<typeof trainingOf>[2];
  const template = trainingOf(network, 16, epochs)['t-simcne'];
  return { ...step, settings: { ...step.settings, ...template } };
}

async function perform(step: Step, job: StepJob, dataset: Dataset, byHand: Map<string, string>) {
  switch (step.step) {
    case 'fetch': {
      const wanted = dataset.files.map(source => ({ source, keptAs: source.name }));
      return { summary: { sources: await bringFiles(wanted, job, { byHand, dataset }) }, backend: '' };
    }
    case 'prepare':
      return prepareDataset(dataset, job as StepJob<'prepare'>);
    default:
      return ((await stepWork[step.step]()) as StepWork<StepName>)(job);
  }
}

/** A published set with other files: their digests are known, as those of the true ones are. */
function withFiles(dataset: Dataset, places: string[], open: Dataset['open']): Dataset {
  const files = places.map((place, i) => ({
    ...dataset.files[i],
    bytes: undefined,
    sha256: undefined,
    md5: createHash('md5').update(readFileSync(place)).digest('hex'),
  }));
  return { ...dataset, files, open };
}

const sevenfold = { ...leukemiaRules, classCounts: leukemiaRules.classCounts.map(count => 7 * count) };
const smallLeukemia: Dataset = {
  ...leukemia,
  open: (files, scratch) => openLeukemia(files.get('aml.zip')!, scratch, sevenfold),
};

it('Leukemia, MedIMeta’s archive', async () => {
  const archive = path.join(temporaryFolder(), 'downloaded.zip');
  writeFileSync(archive, zip(await medimetaMembers(7)));
  const { row, made } = await rowOf(
    'paper',
    'leukemia/pixels-tsne',
    smallLeukemia,
    new Map([['aml.zip', archive]]),
  );
  expect(row).toMatchObject({ dataset: 'leukemia', method: 'pixels-tsne', paper: { knn: { mean: 67.4 } } });
  expect(row?.knn.mean).toBeGreaterThan(90); // classes differ by colour
  expect(made).toMatchObject({ n: 63, classes: [{ short: 'BAS', count: 28 }, { count: 21 }, { count: 14 }] });
});

it('Leukemia, the folder of TCIA’s download', async () => {
  const folder = temporaryFolder();
  writeFolder(folder, await originals(7));
  const { row, made } = await rowOf(
    'paper',
    'leukemia/pixels-tsne',
    smallLeukemia,
    new Map([['aml.zip', folder]]),
  );
  expect(row?.knn.mean).toBeGreaterThan(90);
  expect(made).toMatchObject({ n: 63, classes: [{ short: 'BAS', count: 28 }, { count: 21 }, { count: 14 }] });
});

it('Leukemia, a class of which has one image: prepared, but not to be scored', async () => {
  const folder = temporaryFolder();
  const lonely = Object.entries(await originals(7)).filter(
    ([name]) => !/EOS_(?!0001)|annotations/.test(name),
  );
  writeFolder(folder, Object.fromEntries(lonely));
  const rules = { ...sevenfold, classCounts: [28, 21, 1] };
  const open: Dataset['open'] = (files, scratch) => openLeukemia(files.get('aml.zip')!, scratch, rules);
  await expect(
    rowOf('paper', 'leukemia/pixels-tsne', { ...leukemia, open }, new Map([['aml.zip', folder]])),
  ).rejects.toThrow('every class needs two members, but of label 2 there is only one');
});

it('PCam, its six files', async () => {
  const rules: PcamRules = {
    classes: pcam16.classes,
    size: 96,
    splits: { train: 24, valid: 12, test: 12 },
    share: { of1: 0.5, within: 0.01 },
  };
  const paths = await pcamFiles(temporaryFolder(), pcamArrays(rules), {
    storage: { chunks: [8, 96, 96, 3], deflate: 1 },
  });
  const places = (['train', 'valid', 'test'] as const).flatMap(split => [paths[split].x, paths[split].y]);
  const small = withFiles(pcam16, places, (files, scratch) => {
    const [train, valid, test] = [0, 2, 4].map(i => ({
      x: files.get(pcam16.files[i].name)!,
      y: files.get(pcam16.files[i + 1].name)!,
    }));
    return openPcam({ train, valid, test }, scratch, rules);
  });
  const byHand = new Map(pcam16.files.map(({ name }, i) => [name, places[i]]));
  const { row, made } = await rowOf('paper', 'pcam16/t-simcne/rot90/seed-1', small, byHand);
  expect(row).toMatchObject({
    dataset: 'pcam16',
    augmentation: 'rot90',
    seeds: [1],
    paper: { knn: { mean: 93.1 } },
  });
  expect(row?.knn.values).toHaveLength(1);
  expect(made).toMatchObject({ n: 48, classes: [{ short: 'no metastasis', count: 24 }, { count: 24 }] });
});

it('CIFAR-10, its archive', async () => {
  const rules: CifarRules = { classes: cifar10.classes.slice(0, 3), batchSize: 10 };
  const archive = path.join(temporaryFolder(), 'cifar-10-binary.tar.gz');
  writeFileSync(archive, await tarGz(cifarMembers()));
  const open: Dataset['open'] = async files =>
    openInMemory(await readCifar10(files.get(cifar10.files[0].name)!, rules));
  const small = withFiles(cifar10, [archive], open);
  const byHand = new Map([[cifar10.files[0].name, archive]]);
  const { row, made } = await rowOf('cifar10-control', 'cifar10/t-simcne/default/seed-1', small, byHand);
  expect(row).toMatchObject({ dataset: 'cifar10', augmentation: 'default', seeds: [1], status: 'done' });
  expect(made).toMatchObject({
    n: 60,
    classes: [{ name: 'airplane', count: 24 }, { count: 18 }, { count: 18 }],
  });
});
