// An experiment: a named set of cells with their settings, and how a cell unfolds into steps.
import { z } from 'zod';
import { Operations } from './augmentation-operations.ts';
import { Axis, type GridPoint, gridPoints } from './grid.ts';
import { augmentationSets, isOfPaper, isTrained, type Method, methods } from './names.ts';
import { ScoreSettings, TrainingSettings, TsneSettings } from './settings.ts';
import type { Step } from './steps.ts';

/** Training settings less what the cell itself decides. */
export const TrainingTemplate = TrainingSettings.omit({
  augmentation: true,
  operations: true,
  seed: true,
  loss: true,
});
export type TrainingTemplate = z.infer<typeof TrainingTemplate>;

/** At least one of something, and none twice: each makes cells of its own. */
function several<Of extends z.ZodType>(of: Of) {
  return z
    .array(of)
    .min(1)
    .superRefine((all, { addIssue }) =>
      all.forEach((one, place) => {
        if (all.indexOf(one) < place) addIssue({ code: 'custom', path: [place], message: 'is named twice' });
      }),
    )
    .meta({ uniqueItems: true });
}

/** One data set of an experiment: which of its images, and how networks are trained on them. */
export const DatasetPlan = z.strictObject({
  dataset: z.string().describe('its name ("simcne data list" shows them)'),
  /** Digest of the images, where they are the user's own (`ownCells`). */
  content: z.string().optional().describe('digest of images of your own; found by itself'),
  imageSize: z
    .number()
    .int()
    .positive()
    .describe('height and width that every image is brought to, in pixels'),
  images: z
    .union([z.literal('all'), z.number().int().positive()])
    .describe('all, or a stratified subset of that many'),
  seeds: several(z.number().int()).describe('a training for each'),
  training: z
    .strictObject({ 't-simcne': TrainingTemplate, 'simclr-tsne': TrainingTemplate })
    .describe('how networks are trained, for either method'),
});
export type DatasetPlan = z.infer<typeof DatasetPlan>;

export const Experiment = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, {
      error: 'must begin with a small letter and hold small letters, digits and - only',
    })
    .describe('what commands call it, once it was run or planned from its file'),
  title: z.string().describe('of the report'),
  /** Whether its numbers may be held against the paper's as they are. */
  profile: z
    .enum(['paper', 'scaled', 'smoke'])
    .describe('whether its numbers may be held against the paper’s as they are'),
  about: z.string().describe('what it claims, what it costs, what to expect: prose for the report'),
  methods: several(z.enum(methods)).describe('what makes embeddings'),
  augmentations: several(z.string()).describe(
    `of the trained methods: ${augmentationSets.join(', ')}, or sets of your own`,
  ),
  augmentationSets: z
    .record(z.string(), Operations)
    .optional()
    .describe('sets of your own: for each name its operations, in order'),
  datasets: z.array(DatasetPlan).min(1).describe('the images'),
  pretrainedWeights: z
    .enum(['imagenet', 'random'])
    .describe('of resnet18-tsne and resnet152-tsne; random ones are for trying out'),
  /**
   * What t-SNE of SimCLR takes. By default the head's 128-D output z, as the paper says; `features` are the backbone's 512-D h, which
   * the authors' earlier code took (their repository of this paper has no script for these rows).
   */
  tsne: TsneSettings.omit({ of: true })
    .partial()
    .optional()
    .describe('t-SNE otherwise than the paper has it'),
  scores: ScoreSettings.partial().optional().describe('scores otherwise than the paper has them'),
  /** Of lists in a file. */
  grid: z.array(Axis).optional(),
  simclrPoints: z
    .literal('features')
    .optional()
    .describe('what t-SNE of SimCLR takes: the backbone’s features instead of the head’s output'),
});
export type Experiment = z.infer<typeof Experiment>;

/** One number of the results table, to be made: its address and the steps that lead to it. */
export interface Cell {
  experiment: string;
  address: string;
  dataset: string;
  method: Method;
  augmentation?: string;
  /** Which point of a grid it is, where its experiment spans one: `batchSize-256/width-16`. */
  variant?: string;
  seed?: number;
  /** When it is made, of cells that wait for the same worker: those of turn 0 first. */
  turn?: number;
  steps: Step[];
}

/** What tells most is made first; all else after it. */
const turns: readonly Pick<Cell, 'method' | 'augmentation'>[] = [
  { method: 'pixels-tsne' },
  { method: 't-simcne', augmentation: 'rot90' },
  { method: 'simclr-tsne', augmentation: 'rot90' },
  { method: 't-simcne', augmentation: 'randrot' },
  { method: 'simclr-tsne', augmentation: 'randrot' },
];

/** All cells of an experiment, in the order of the paper's tables. */
export function cellsOf(experiment: Experiment): Cell[] {
  return experiment.datasets.flatMap(({ seeds }, place) =>
    experiment.methods.flatMap(method => {
      const points = gridPoints(experiment, place, method);
      if (!isTrained(method)) return points.map(point => makeCell(point, place, method));
      return experiment.augmentations.flatMap(augmentation =>
        points.flatMap(point => seeds.map(seed => makeCell(point, place, method, augmentation, seed))),
      );
    }),
  );
}

/**
 * The same cells for `n` images of the user's own: methods, augmentation sets, seeds and training as the experiment has
 * them for its first data set, and as many images of them at most.
 */
export function ownCells(
  experiment: Experiment,
  { name, content, n }: { name: string; content: string; n: number },
): Cell[] {
  const [first] = experiment.datasets;
  const images = first.images === 'all' ? n : Math.min(n, first.images);
  const grid = experiment.grid?.map(({ path, values }) =>
    path.at(-1) === 'images'
      ? { path, values: values.map(value => (value === 'all' ? n : Math.min(n, Number(value)))) }
      : { path, values },
  );
  return cellsOf({
    ...experiment,
    ...(grid && { grid }),
    datasets: [{ ...first, dataset: name, content, images }],
  });
}

function makeCell(
  { experiment, variant }: GridPoint<Experiment>,
  place: number,
  method: Method,
  augmentation?: string,
  seed?: number,
): Cell {
  const plan = experiment.datasets[place];
  const turn = turns.findIndex(one => one.method === method && one.augmentation === augmentation);
  const parts = [
    plan.dataset,
    method,
    augmentation,
    variant,
    seed === undefined ? undefined : `seed-${seed}`,
  ];
  return {
    experiment: experiment.name,
    address: parts.filter(part => part !== undefined).join('/'),
    dataset: plan.dataset,
    method,
    augmentation,
    ...(variant !== undefined && { variant }),
    seed,
    turn: turn < 0 ? turns.length : turn,
    steps: [
      ...imageSteps(plan),
      ...methodSteps(experiment, plan, method, augmentation, seed),
      scoreStep(experiment, method),
    ],
  };
}

function imageSteps({ dataset, content, imageSize, images }: DatasetPlan): Step[] {
  const from = content === undefined ? { dataset } : { dataset, content };
  return [
    { step: 'fetch', settings: from, inputs: {} },
    { step: 'prepare', settings: { ...from, imageSize, images, seed: 0 }, inputs: { files: 'fetch' } },
  ];
}

function methodSteps(
  experiment: Experiment,
  plan: DatasetPlan,
  method: Method,
  augmentation = 'default',
  seed = 0,
): Step[] {
  const tsneOf = (points: 'prepare' | 'embed' | 'features', of?: 'features'): Step => ({
    step: 'tsne',
    settings: { perplexity: 30, ...(of && { of }), seed, ...experiment.tsne }, // openTSNE's default perplexity: paper, section 3.3
    inputs: { points },
  });
  switch (method) {
    case 't-simcne':
    case 'simclr-tsne': {
      const template = plan.training[method];
      const own = !isOfPaper(augmentation) && experiment.augmentationSets?.[augmentation];
      const set = { augmentation, ...(own && { operations: own }) };
      const loss = method === 't-simcne' ? 'cauchy' : 'cosine'; // the paper's equations 2 and 1
      const training: Step[] = [
        { step: 'train', settings: { ...template, loss, ...set, seed }, inputs: { images: 'prepare' } },
        {
          step: 'embed',
          settings: { network: template.network },
          inputs: { images: 'prepare', network: 'train' },
        },
      ];
      return method === 't-simcne' ? training : [...training, tsneOf('embed', experiment.simclrPoints)];
    }
    case 'pixels-tsne':
      return [tsneOf('prepare')];
    case 'resnet18-tsne':
    case 'resnet152-tsne': {
      const network = method === 'resnet18-tsne' ? 'resnet18' : 'resnet152';
      return [
        { step: 'fetch-weights', settings: { network, weights: experiment.pretrainedWeights }, inputs: {} },
        { step: 'features', settings: { network }, inputs: { images: 'prepare', weights: 'fetch-weights' } },
        tsneOf('features'),
      ];
    }
  }
}

function scoreStep({ scores }: Experiment, method: Method): Step {
  return {
    step: 'score',
    settings: { neighbours: 15, testFraction: 0.1, seed: 0, ...scores }, // paper, section 4; split fixed in eval/knn.py
    inputs: { embedding: method === 't-simcne' ? 'embed' : 'tsne', images: 'prepare' },
  };
}
