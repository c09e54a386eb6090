// Reference check `augmentation-distribution`: what training draws for its views, in moments, quantiles and frequencies.
import { z } from 'zod';
import {
  drawViewParameters,
  type JitterStep,
  type ViewParameters,
} from '../../learning/augmentations/view-parameters.ts';
import { Random } from '../../numeric/random.ts';
import type { Actual, Check } from './golden-case.ts';

const Parameters = z.object({
  comparedDraws: z.number(),
  quantileLevels: z.array(z.number()),
  size: z.number().default(28), // only crops depend on it
});

export const augmentationDistribution: Check = ({ case: name, parameters }) => {
  const { comparedDraws, quantileLevels, size } = Parameters.parse(parameters);
  const draw = (wanted: (view: ViewParameters) => boolean) => drawViews(comparedDraws, size, wanted);
  const describe = (prefix: string, values: number[]) => description(prefix, values, quantileLevels);
  if (name.startsWith('how-often')) return howOften(draw(() => true));
  if (name.startsWith('crop'))
    return crops(
      draw(() => true),
      size,
      describe,
    );
  if (name.startsWith('colour-jitter'))
    return colourJitter(
      draw(view => view.jitter !== null),
      describe,
    );
  if (name.startsWith('rotation'))
    return describe(
      'angle',
      draw(() => true).map(view => view.angleDegrees!),
    );
  throw new RangeError(
    `augmentation-distribution: case ${name} begins with none of how-often, crop, colour-jitter, rotation`,
  );
};

type Describe = (prefix: string, values: number[]) => Actual;

/** Views of the set that has all steps, drawn until `count` are wanted. */
function drawViews(count: number, size: number, wanted: (view: ViewParameters) => boolean): ViewParameters[] {
  const random = new Random(1);
  const views: ViewParameters[] = [];
  for (let index = 0; views.length < count; index++) {
    const view = drawViewParameters(random.fork('view', 0, index, 0), 'randrot', size);
    if (wanted(view)) views.push(view);
  }
  return views;
}

function howOften(views: readonly ViewParameters[]): Actual {
  const frequency = (has: (view: ViewParameters) => boolean) => views.filter(has).length / views.length;
  return {
    horizontalFlip: frequency(view => view.flipHorizontally),
    verticalFlip: frequency(view => view.flipVertically),
    quarterTurn: frequency(view => view.quarterTurns === 1),
    jitter: frequency(view => view.jitter !== null),
    grayscale: frequency(view => view.grayscale),
  };
}

function crops(views: readonly ViewParameters[], size: number, describe: Describe): Actual {
  const all = views.map(view => view.crop);
  const tops = all.map(crop => crop.top);
  const heights = all.map(crop => crop.height);
  return {
    ...describe(
      'areaFraction',
      all.map(crop => (crop.height * crop.width) / size ** 2),
    ),
    ...describe(
      'logAspect',
      all.map(crop => Math.log(crop.width / crop.height)),
    ),
    ...describe(
      'centreX',
      all.map(crop => (crop.left + crop.width / 2) / size),
    ),
    ...describe(
      'centreY',
      all.map(crop => (crop.top + crop.height / 2) / size),
    ),
    'topAndHeight.correlation': covariance(tops, heights) / (deviation(tops) * deviation(heights)),
  };
}

function colourJitter(views: readonly ViewParameters[], describe: Describe): Actual {
  const all = views.map(view => view.jitter!);
  const steps: JitterStep[] = ['brightness', 'contrast', 'saturation', 'hue'];
  const ofStep = (step: JitterStep): Actual => ({
    ...describe(
      step,
      all.map(jitter => jitter[step]),
    ),
    [`${step}.placeFrequencies`]: steps.map(
      (_, place) => all.filter(jitter => jitter.order[place] === step).length / all.length,
    ),
  });
  return Object.assign({}, ...steps.map(ofStep));
}

function description(prefix: string, values: number[], levels: readonly number[]): Actual {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    [`${prefix}.mean`]: mean(values),
    [`${prefix}.standardDeviation`]: deviation(values),
    [`${prefix}.quantiles`]: levels.map(level => quantile(sorted, level)),
    [`${prefix}.minimum`]: sorted[0],
    [`${prefix}.maximum`]: sorted[sorted.length - 1],
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function covariance(a: readonly number[], b: readonly number[]): number {
  const [meanOfA, meanOfB] = [mean(a), mean(b)];
  return mean(a.map((value, i) => (value - meanOfA) * (b[i] - meanOfB)));
}

function deviation(values: readonly number[]): number {
  return Math.sqrt(covariance(values, values));
}

/** Linear between the two nearest of the sorted values, as numpy's default. */
function quantile(sorted: readonly number[], level: number): number {
  const place = level * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
