// How good a training was on its way: each snapshot goes through the steps that its cell's own network goes through.
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Artifact, Store } from '../artifacts/store.ts';
import type { Cell } from '../experiments/experiment.ts';
import type { StepOf } from '../experiments/steps.ts';
import type { SnapshotScores } from '../reports/figures/scaling.ts';
import { networkFile, snapshotsIn } from './artifact-files.ts';
import { currentRecord } from './current-record.ts';
import { imageFile, type StepInput, type StepJob } from './step-work.ts';
import { embed } from './steps/embed.ts';
import { score } from './steps/score.ts';
import { tsne } from './steps/tsne.ts';

/** A finished training with snapshots, and what it was made of. */
export interface ScoredTraining {
  cell: Cell;
  /** Of the training's artifact: whose scores these are. */
  digest: string;
  trained: Artifact;
  prepared: Artifact;
  /** How many it was trained on. */
  images: number;
}

/** The training of a cell; undefined where it has none that is kept, or none with snapshots. */
export async function trainingWithSnapshots(store: Store, cell: Cell): Promise<ScoredTraining | undefined> {
  const record = await currentRecord(store.folder, cell);
  const artifactOf = async (name: string) => {
    const made = record?.steps.find(({ step }) => step === name);
    return made && store.find(made.key, made.digest);
  };
  const trained = await artifactOf('train');
  if (!trained || snapshotsIn(trained.manifest.files).length === 0) return undefined;
  const prepared = await artifactOf('prepare');
  if (!prepared) return undefined;
  const [images] = imageFile({ step: 'prepare', folder: prepared.folder }).shape;
  return { cell, digest: trained.digest, trained, prepared, images };
}

/**
 * The scores of each snapshot and of the finished network, in their order; those of `known` epochs are left out. A map is what the network
 * gives where that has two dimensions, else its t-SNE, as of SimCLR: also while t-SimCNE is in its first stage.
 */
export async function* snapshotScores(
  { cell, trained, prepared, images: n }: ScoredTraining,
  { known, threads, signal }: { known: readonly number[]; threads: number; signal: AbortSignal },
): AsyncGenerator<SnapshotScores> {
  const { settings } = cell.steps.find(({ step }) => step === 'train') as StepOf<'train'>;
  const images: StepInput = { step: 'prepare', folder: prepared.folder };
  const epochs = settings.stages.reduce((sum, stage) => sum + stage.epochs, 0);
  const networks = [
    ...snapshotsIn(trained.manifest.files).filter(({ epoch }) => epoch < epochs),
    { epoch: epochs, file: networkFile },
  ];
  for (const { epoch, file } of networks) {
    if (known.includes(epoch)) continue;
    const place = await mkdtemp(path.join(tmpdir(), 'simcne-snapshot-'));
    try {
      const scores = await scoresOf(path.join(trained.folder, file), cell, images, place, {
        threads,
        signal,
      });
      yield { epoch, samples: epoch * n, ...scores };
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  }
}

async function scoresOf(
  weights: string,
  cell: Cell,
  images: StepInput,
  place: string,
  { threads, signal }: Pick<StepJob, 'threads' | 'signal'>,
) {
  const begin = async (name: string) => {
    const folder = path.join(place, name);
    await mkdir(folder);
    return {
      ...{ folder, threads, signal, store: '', checkpointFolder: '', downloads: [], checkpointsAfter: '' },
      onProgress: () => {},
      onCheckpoint: () => {},
    };
  };
  const read = async (folder: string) =>
    JSON.parse(await readFile(path.join(folder, 'scores.json'), 'utf8')) as {
      knn?: number;
      silhouette?: number;
    };
  const trainedHere = await begin('train');
  await copyFile(weights, path.join(trainedHere.folder, networkFile));
  const network: StepInput = { step: 'train', folder: trainedHere.folder };
  const { settings } = cell.steps.find(({ step }) => step === 'embed') as StepOf<'embed'>;
  const embedded = await begin('embed');
  const { summary } = await embed({ ...embedded, settings, inputs: { images, network } });
  const output: StepInput = { step: 'embed', folder: embedded.folder };
  let embedding = output;
  if (summary.dimension !== 2) {
    const own = cell.steps.find(({ step }) => step === 'tsne') as StepOf<'tsne'> | undefined;
    const reducing = own?.settings ?? { perplexity: 30, seed: cell.seed ?? 0 };
    const reduced = await begin('tsne');
    await tsne({ ...reduced, settings: reducing, inputs: { points: output } });
    embedding = { step: 'tsne', folder: reduced.folder };
  }
  const scoring = cell.steps.find(({ step }) => step === 'score') as StepOf<'score'>;
  const ofMap = await begin('score');
  await score({ ...ofMap, settings: scoring.settings, inputs: { embedding, images } });
  const ofFeatures = await begin('score-features');
  const features: StepInput = { step: 'features', folder: embedded.folder };
  await score({ ...ofFeatures, settings: scoring.settings, inputs: { embedding: features, images } });
  const { knn, silhouette } = await read(ofMap.folder);
  return { knn, silhouette, featuresKnn: (await read(ofFeatures.folder)).knn };
}
