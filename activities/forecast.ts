// How long a step will take, from how long its like took: work in arithmetic, speed from the store's manifests.
import type { Manifest } from '../artifacts/manifest.ts';
import { datasets } from '../datasets/catalogue.ts';
import type { Cell } from '../experiments/experiment.ts';
import { table1 } from '../experiments/paper-numbers.ts';
import type { PrepareSettings, TrainingSettings } from '../experiments/settings.ts';
import type { Step, StepName } from '../experiments/steps.ts';
import { median } from '../numeric/median.ts';

/** Units of work a second, where nothing of the kind was made yet: two cores of a server of 2025 (reports/findings.md). */
const assumedSpeed: Record<StepName, number> = {
  fetch: 1,
  prepare: 5_000,
  'fetch-weights': 0.1,
  train: 9e9,
  embed: 9e9,
  features: 20,
  tsne: 10_000,
  score: 10_000,
};

/** Opens a forecast on what the store has seen; it answers seconds, or undefined where it cannot say. */
export function openForecast(manifests: Manifest[]): (cell: Cell, step: Step) => number | undefined {
  const speeds = new Map<string, number[]>();
  for (const { recipe, summary, provenance } of manifests) {
    const images = typeof summary.n === 'number' ? summary.n : undefined;
    if (!images || recipe.step === 'train' || provenance.seconds <= 0) continue;
    const work = workOf({ step: recipe.step, settings: recipe.settings } as Step, images);
    speeds.set(recipe.step, [...(speeds.get(recipe.step) ?? []), work / provenance.seconds]);
  }
  for (const { recipe, summary } of manifests) {
    if (recipe.step !== 'train' || typeof summary.samplesPerSecond !== 'number') continue;
    const speed = summary.samplesPerSecond * arithmetic(recipe.settings as TrainingSettings);
    speeds.set('train', [...(speeds.get('train') ?? []), speed]);
  }
  return (cell, step) => {
    const images = imagesOf(cell);
    if (images === undefined) return undefined;
    const speed = median(speeds.get(step.step) ?? []) ?? assumedSpeed[step.step];
    return workOf(step, images) / speed;
  };
}

/** Images of a cell: the subset's, or all that the data set has. */
function imagesOf(cell: Cell): number | undefined {
  const settings = cell.steps.find(step => step.step === 'prepare')?.settings as PrepareSettings;
  if (settings.images !== 'all') return settings.images;
  const known = (datasets as Record<string, { count: number }>)[settings.dataset]?.count;
  return known ?? table1.rows.find(row => row.dataset === settings.dataset)?.n;
}

function workOf(step: Step, images: number): number {
  switch (step.step) {
    case 'fetch':
    case 'fetch-weights':
      return 1;
    case 'train':
      return (
        images *
        step.settings.stages.reduce((sum, stage) => sum + stage.epochs, 0) *
        arithmetic(step.settings)
      );
    case 'embed':
      return images * arithmetic(step.settings);
    case 'tsne':
      return images * Math.log2(images);
    case 'score':
      return images * Math.log2(images);
    default:
      return images;
  }
}

/** Multiplications of one image through the network and back, in proportion: width squared times positions. */
function arithmetic({ network }: Pick<TrainingSettings, 'network'>): number {
  const positions = { small: 784, 'small-stride2': 196, imagenet: 576 }[network.stem];
  return positions * network.width ** 2;
}
