// A made-up experiment that looks like a real one: cells with clusters, losses, steps, and some without a number.
import path from 'node:path';
import sharp from 'sharp';
import { ndarray } from '../../numeric/arrays/array.ts';
import { Random } from '../../numeric/random.ts';
import type {
  AttemptResult,
  CellResult,
  DatasetResult,
  ExperimentResult,
  Thumbnails,
  TrainingResult,
} from '../../reports/result.ts';
import { datasetTable } from '../../reports/table/dataset-table.ts';

const classes = [
  ['basophil', 'BAS', '#1f77b4', 1218],
  ['eosinophil', 'EOS', '#ff7f0e', 3117],
  ['erythroblast', 'EBO', '#2ca02c', 1551],
  ['immature granulocytes', 'GRA', '#9467bd', 2895],
  ['lymphocyte', 'LYMPH', '#8c564b', 1214],
  ['monocyte', 'MONO', '#7f7f7f', 1420],
  ['neutrophil', 'NEU', '#bcbd22', 3329],
  ['platelet', 'PLA', '#17becf', 2348],
] as const;

/** BloodMNIST cut down to `n` images, classes in proportion. */
export function madeUpDataset(n: number): DatasetResult {
  return {
    title: 'BloodMNIST',
    n,
    nPaper: 17092,
    classes: classes.map(([name, short, colour, count]) => ({
      name,
      short,
      colour,
      count: Math.round((count * n) / 17092),
    })),
  };
}

/** A cell with `n` points in one Gaussian cloud a class; a wider `spread` mixes the classes. */
export function madeUpCell(n: number, spread: number, facts: Partial<CellResult> = {}): CellResult {
  const address = facts.address ?? 'bloodmnist/t-simcne/rot90/seed-1';
  const random = new Random(7).fork(address);
  const positions = new Float32Array(2 * n);
  const labels = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    labels[i] = classOf(random.integer(17092));
    const angle = (labels[i] / classes.length) * 2 * Math.PI;
    const radius = 60 + 25 * Math.sin(labels[i] * 3);
    positions[2 * i] = radius * Math.cos(angle) + spread * random.normal();
    positions[2 * i + 1] = radius * Math.sin(angle) + spread * random.normal() * 0.7;
  }
  return {
    address,
    dataset: 'bloodmnist',
    method: 't-simcne',
    seed: 1,
    status: 'done',
    asInPaper: false,
    knn: 0.705,
    silhouette: 0.16,
    seconds: 412.6,
    workflowId: `quick/${address}`,
    workflowUrl: `http://127.0.0.1:8233/namespaces/default/workflows/${encodeURIComponent(`quick/${address}`)}`,
    runId: '0197b1c2-7f0e-7c31-9a55-3f1d0c5a1b77',
    backend: 'TensorFlow 2.21, CPU',
    machine: '2 cores, AVX-512',
    finishedAt: '2026-11-23T08:41:10.000Z',
    steps: ['fetch', 'prepare', 'train', 'score'].map((step, i) => ({
      step,
      key: digest(random),
      digest: digest(random),
      seconds: [1.2, 0.4, 402.1, 3.3][i],
      settings: step === 'train' ? { width: 16, batch: 512, epochs: [60, 6, 20] } : undefined,
    })),
    embedding: ndarray(positions, [n, 2]),
    labels: ndarray(labels, [n]),
    ...facts,
  };
}

/** Losses that fall, with a jump where the second stage begins; learning rates with warm-up and cosine. */
export function madeUpTraining(name: string, stageEpochs: readonly number[], floor: number): TrainingResult {
  const random = new Random(11).fork(name);
  const stages = stageEpochs.map((epochs, i) => ({ name: ['pretrain', 'linear', 'fine-tune'][i], epochs }));
  const losses: number[] = [];
  const learningRates: number[] = [];
  stages.forEach(({ epochs }, stage) => {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const progress = epoch / epochs;
      losses.push(floor + [1.6, 1.1, 0.5][stage] * Math.exp(-4 * progress) + 0.03 * random.normal());
      learningRates.push([0.06, 0.06, 0.00006][stage] * 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
  });
  return { losses, learningRates, stages, samplesPerSecond: 1312 };
}

/** Thumbnails in one sheet in `folder`; the colour of a tile tells its image: red 64 · (i div 256), blue i mod 256. */
export async function madeUpThumbnails(n: number, folder: string): Promise<Thumbnails> {
  const [tile, columns] = [4, Math.ceil(Math.sqrt(n))];
  const rows = Math.ceil(n / columns);
  const pixels = Buffer.alloc(rows * columns * tile * tile * 3);
  for (let i = 0; i < n; i++) {
    for (let at = 0; at < tile * tile; at++) {
      const row = Math.floor(i / columns) * tile + Math.floor(at / tile);
      const pixel = 3 * (row * columns * tile + (i % columns) * tile + (at % tile));
      pixels[pixel] = 64 * Math.floor(i / 256);
      pixels[pixel + 2] = i % 256;
    }
  }
  const file = path.join(folder, 'thumbnails.png');
  const raw = { width: columns * tile, height: rows * tile, channels: 3 } as const;
  await sharp(pixels, { raw }).png().toFile(file);
  return { files: [file], rows, columns, tile };
}

/** Nine rows on one dataset, as `quick` has them: seven cells with `n` points, ResNet152 unavailable, one failed. */
export function madeUpResult(n: number): ExperimentResult {
  return {
    experiment: 'quick',
    title: 'A first look: BloodMNIST at small scale',
    profile: 'scaled',
    scaledSettings: [
      { setting: 'images', here: n.toLocaleString('en-US'), paper: '17,092' },
      { setting: 'network', here: 'ResNet18, width 16, stride-2 stem', paper: 'ResNet18, width 64' },
      { setting: 'epochs', here: '60 + 6 + 20', paper: '1000 + 50 + 450' },
      { setting: 'batch', here: '512', paper: '1,024' },
      { setting: 'seeds', here: '1', paper: '3' },
    ],
    madeAt: '2026-11-23T09:02:44.000Z',
    codeVersion: '0.1.0 (3f2a9c1)',
    cells: madeUpCells(n),
    datasets: { bloodmnist: madeUpDataset(n) },
    attempts: madeUpAttempts('bloodmnist/t-simcne/rot90/seed-1'),
    table1: datasetTable(['bloodmnist'], () => ({
      title: 'BloodMNIST',
      count: 17092,
      imageSize: [28, 28],
      classes,
    })),
  };
}

/** A training that was killed once, and went on. */
function madeUpAttempts(cell: string): AttemptResult[] {
  const common = { key: 'a1', step: 'train', experiment: 'quick', cell, machine: 'lab-2' };
  const log = (attempt: number) => `logs/steps/train-a1-attempt-${attempt}.log`;
  return [
    {
      ...{ ...common, attempt: 1, startedAt: '2026-11-23T08:00:00.000Z', seconds: 95, log: log(1) },
      ...{ outcome: 'interrupted', error: 'ChildDied', wentOnFrom: null },
      checkpoints: [{ name: 'epoch-25', seconds: 80 }],
    },
    {
      ...{ ...common, attempt: 2, startedAt: '2026-11-23T08:01:40.000Z', seconds: 210, log: log(2) },
      ...{ outcome: 'made', wentOnFrom: 'epoch-25', checkpoints: [] },
    },
  ];
}

function madeUpCells(n: number): CellResult[] {
  const cells: CellResult[] = [];
  for (const [method, spread, knn, silhouette] of [
    ['t-simcne', 11, 0.6855, 0.1432],
    ['simclr-tsne', 15, 0.7312, 0.0918],
  ] as const) {
    (['default', 'rot90', 'randrot'] as const).forEach((augmentation, i) => {
      const address = `bloodmnist/${method}/${augmentation}/seed-1`;
      const stages = method === 't-simcne' ? [60, 6, 20] : [60];
      cells.push(
        madeUpCell(n, spread + 2 * i, {
          address,
          method,
          augmentation,
          knn: knn + 0.013 * i,
          silhouette: silhouette + 0.0312 * i,
          training: madeUpTraining(address, stages, 4.4 + 0.1 * i),
        }),
      );
    });
  }
  const pixels = madeUpCell(n, 32, {
    address: 'bloodmnist/pixels-tsne',
    method: 'pixels-tsne',
    seed: undefined,
    knn: 0.6512,
    silhouette: -0.0031,
    seconds: 21.4,
    reused: true,
  });
  const without = { dataset: 'bloodmnist', seed: undefined, steps: [], asInPaper: false };
  return [
    ...cells,
    pixels,
    {
      ...without,
      address: 'bloodmnist/resnet18-tsne',
      method: 'resnet18-tsne',
      status: 'failed',
      reason:
        'features: the child process ended with signal SIGKILL (out of memory?); run "simcne rerun" again',
    },
    {
      ...without,
      address: 'bloodmnist/resnet152-tsne',
      method: 'resnet152-tsne',
      status: 'unavailable',
      reason: 'the weights of ResNet152 could not be fetched: no route to the host',
    },
  ];
}

function classOf(image: number): number {
  let last = 0;
  for (let label = 0; label < classes.length; label++) {
    last += classes[label][3];
    if (image < last) return label;
  }
  return classes.length - 1;
}

function digest(random: Random): string {
  return Array.from({ length: 8 }, () => random.bits().toString(16).padStart(8, '0')).join('');
}

/** Like `madeUpResult`, but every text of it tries to become markup, script or an address. */
export function hostileResult(): ExperimentResult {
  const attack = `"'></script><img src=x onerror="hacked = true"><b hack>\u2028\${hacked = true}`;
  const { cells, datasets, attempts, ...rest } = madeUpResult(200);
  const [first, ...others] = cells;
  return {
    ...rest,
    experiment: attack,
    title: attack,
    profile: attack,
    codeVersion: attack,
    scaledSettings: [{ setting: attack, here: attack, paper: attack }],
    attempts: attempts.map(attempt => ({
      ...{ ...attempt, experiment: attack, cell: first.address },
      ...{ machine: attack, startedAt: attack, error: attack, log: attack },
    })),
    cells: [
      {
        ...first,
        workflowUrl: 'javascript:hacked = true',
        workflowId: attack,
        backend: attack,
        machine: attack,
        network: { attack },
        training: { ...first.training!, stages: [{ name: attack, epochs: 86 }] },
        steps: [{ step: attack, key: attack, digest: attack, seconds: 1, settings: { attack } }],
      },
      ...others.map(cell => ({ ...cell, reason: attack })),
    ],
    datasets: {
      bloodmnist: {
        ...datasets.bloodmnist!,
        title: attack,
        classes: datasets.bloodmnist!.classes.map((class_, i) => ({
          ...class_,
          name: attack + i,
          short: attack + i,
          colour: i === 0 ? 'red;background:url(http://127.0.0.1/hack)' : class_.colour,
        })),
      },
    },
  };
}
