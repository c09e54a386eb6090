// How long a step will take here, from how long its like took: work in arithmetic, speed from the store's manifests, or from a trial.
import type { Manifest } from '../artifacts/manifest.ts';
import { datasets } from '../datasets/catalogue.ts';
import type { Cell } from '../experiments/experiment.ts';
import { table1 } from '../experiments/paper-numbers.ts';
import type { PrepareSettings, TrainingSettings } from '../experiments/settings.ts';
import type { Step, StepName } from '../experiments/steps.ts';
import { median } from '../numeric/median.ts';
import { forwardMultiplyAdds, pretrainedMultiplyAdds, trainingOperations } from './network-arithmetic.ts';

/** Units of work a second, where nothing of the kind was made yet: two cores of a server of 2025 (reports/findings.md). */
const assumedSpeed: Record<StepName, number> = {
  fetch: 1,
  prepare: 5_000,
  'fetch-weights': 0.1,
  train: 170e9,
  embed: 170e9,
  features: 170e9,
  tsne: 3_000,
  score: 1e8,
};

/** How fast this machine trains a network: tried for seconds, with the code that trains (infra/cli/try-training.ts). */
export interface MachineRate extends Pick<TrainingSettings, 'network' | 'precision'> {
  imageSize: number;
  /** Images of an epoch a second, all layers trained. */
  samplesPerSecond: number;
}

export interface Forecast {
  /** Seconds that a step of a cell takes here; undefined where the number of images is not known. */
  seconds(cell: Cell, step: Step): number | undefined;
  /** Whether the store has seen a training of the same network, or a step of the same kind. */
  hasSeen(cell: Cell, step: Step): boolean;
  /** Where the speed of a kind of step comes from: how many of its like in the store, 0 if it was tried or is assumed. */
  madeBefore(step: StepName): number;
  /** Whether the speed of a step comes from a trial. */
  isTried(cell: Cell, step: Step): boolean;
}

const triedFor: readonly StepName[] = ['train', 'embed', 'features'];

/** Opens a forecast on what the store has seen, and a trial for what it has not. */
export function openForecast(manifests: Manifest[], rate?: MachineRate): Forecast {
  const speeds = speedsOf(manifests);
  const hasSeen = (cell: Cell, step: Step) => speeds.has(likeness(step, prepareOf(cell).imageSize));
  const tried =
    rate &&
    rate.samplesPerSecond *
      trainingOperations(rate.network, rate.imageSize, {
        train: 'all',
        outputDimension: 2 * rate.network.width,
      });
  return {
    seconds(cell, step) {
      const images = imagesOf(cell);
      if (images === undefined) return undefined;
      const { imageSize } = prepareOf(cell);
      const speed =
        median(speeds.get(likeness(step, imageSize)) ?? []) ??
        (triedFor.includes(step.step) ? tried : undefined) ??
        median(speeds.get(step.step) ?? []) ??
        assumedSpeed[step.step];
      return workOf(step, images, imageSize) / speed;
    },
    hasSeen,
    madeBefore: step => speeds.get(step)?.length ?? 0,
    isTried: (cell, step) => tried !== undefined && triedFor.includes(step.step) && !hasSeen(cell, step),
  };
}

/** The same for steps that do as much arithmetic in a second: of trainings, those of one network. */
function likeness({ step, settings }: Pick<Step, 'step' | 'settings'>, imageSize: number): string {
  if (step !== 'train') return step;
  const { network, precision } = settings as TrainingSettings;
  return [step, network.stem, network.width, precision, imageSize].join(' ');
}

/** Floating-point operations of a step that a GPU would do; 0 for the others. */
export function gpuOperations(cell: Cell, step: Step): number {
  if (step.step !== 'train' && step.step !== 'embed' && step.step !== 'features') return 0;
  return workOf(step, imagesOf(cell) ?? 0, prepareOf(cell).imageSize);
}

/** Images of a cell: the subset's, or all that the data set has. */
export function imagesOf(cell: Cell): number | undefined {
  const settings = prepareOf(cell);
  if (settings.images !== 'all') return settings.images;
  const known = (datasets as Record<string, { count: number }>)[settings.dataset]?.count;
  return known ?? table1.rows.find(row => row.dataset === settings.dataset)?.n;
}

/** Units of work a second, by step, as the store's artifacts took. */
function speedsOf(manifests: Manifest[]): Map<string, number[]> {
  const speeds = new Map<string, number[]>();
  const sizes = new Map(
    manifests
      .filter(({ recipe }) => recipe.step === 'prepare')
      .map(({ digest, recipe }) => [digest, (recipe.settings as PrepareSettings).imageSize]),
  );
  for (const { recipe, summary, provenance } of manifests) {
    if (recipe.step !== 'train' && typeof summary.n !== 'number') continue; // downloads have no speed of their own
    const imageSize = sizes.get(recipe.inputs.images) ?? 28;
    const speed =
      recipe.step === 'train'
        ? Number(summary.samplesPerSecond) *
          operationsOfAnImage(recipe.settings as TrainingSettings, imageSize)
        : workOf({ step: recipe.step, settings: recipe.settings } as Step, Number(summary.n), imageSize) /
          provenance.seconds;
    if (!Number.isFinite(speed) || speed <= 0) continue;
    for (const kind of new Set([recipe.step, likeness(recipe as unknown as Step, imageSize)])) {
      speeds.set(kind, [...(speeds.get(kind) ?? []), speed]);
    }
  }
  return speeds;
}

/** Training is timed by the median epoch, and most epochs train all. */
function operationsOfAnImage({ network, stages }: TrainingSettings, imageSize: number): number {
  return trainingOperations(network, imageSize, stages[0]);
}

/** Floating-point operations of networks; n log n of t-SNE, n² of scores; images, or files, of all else. */
function workOf(step: Step, images: number, imageSize: number): number {
  switch (step.step) {
    case 'fetch':
    case 'fetch-weights':
      return 1;
    case 'train': {
      const { network, stages } = step.settings;
      const operations = stages.map(stage => stage.epochs * trainingOperations(network, imageSize, stage));
      return images * operations.reduce((sum, one) => sum + one, 0);
    }
    case 'embed':
      return 2 * images * forwardMultiplyAdds(step.settings.network, imageSize, 2);
    case 'features':
      return 2 * images * pretrainedMultiplyAdds[step.settings.network];
    case 'tsne':
      return images * Math.log2(images);
    case 'score':
      return images ** 2; // the silhouette's distances
    default:
      return images;
  }
}

function prepareOf(cell: Cell): PrepareSettings {
  return cell.steps.find(step => step.step === 'prepare')?.settings as PrepareSettings;
}
