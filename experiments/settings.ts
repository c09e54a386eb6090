// The settings of every step, as schemas: what an experiment file may say, and what is sent to a step.
import { z } from 'zod';
import { Operations } from './augmentation-operations.ts';

const count = z.number().int().positive();

export const FetchSettings = z.strictObject({
  dataset: z.string(),
  /** Digest of the images, where they are the user's own; the catalogue knows all other data sets. */
  content: z.string().optional(),
});
export type FetchSettings = z.infer<typeof FetchSettings>;

export const PrepareSettings = z.strictObject({
  ...FetchSettings.shape,
  /** Height and width that every image is brought to, in pixels. */
  imageSize: count,
  /** All images, or a stratified subset of that many (for scaled experiments). */
  images: z.union([z.literal('all'), count]),
  /** Draws the subset. */
  seed: z.number().int(),
});
export type PrepareSettings = z.infer<typeof PrepareSettings>;

export const Stage = z.strictObject({
  name: z.string(),
  epochs: count,
  warmUpEpochs: z.number().int().nonnegative(),
  learningRateFactor: z.number().positive().describe('times the learning rate'),
  train: z.enum(['all', 'last-layer']),
  outputDimension: count,
});
export type Stage = z.infer<typeof Stage>;

export const TrainingSettings = z.strictObject({
  loss: z.enum(['cauchy', 'cosine']),
  temperature: z.number().positive().describe('of the cosine loss; the Cauchy loss has none'),
  /** Its name; of one that is not the paper's, what it is made of, too. */
  augmentation: z.string(),
  operations: Operations.optional(),
  network: z
    .strictObject({ stem: z.enum(['small', 'small-stride2', 'imagenet']), width: count })
    .describe('ResNet18; width 64 and the stem "small" are the paper’s'),
  precision: z
    .literal('bfloat16')
    .optional()
    .describe('of what flows through the backbone while it is trained; float32 where nothing is said'),
  batchSize: count.describe('images of a batch; each gives two views'),
  learningRate: z.number().positive().describe('the peak that warm-up reaches'),
  momentum: z.number().min(0).max(1),
  weightDecay: z.number().nonnegative(),
  stages: z.array(Stage).min(1).describe('one after the other, of the same network'),
  snapshotEvery: count
    .optional()
    .describe(
      'epochs, over all stages, from one snapshot of the weights to the next; none is kept where nothing is said',
    ),
  seed: z.number().int(),
});
export type TrainingSettings = z.infer<typeof TrainingSettings>;

export const TsneSettings = z.strictObject({
  perplexity: z.number().positive().describe('effective number of neighbours'),
  /** Where nothing is said, openTSNE's defaults (numeric/tsne/settings.ts). */
  earlyExaggeration: z
    .number()
    .positive()
    .optional()
    .describe('factor of the attraction in the first phase; 12'),
  earlyExaggerationIterations: count.optional().describe('of the first phase; 250'),
  iterations: count.optional().describe('of the second phase; 500'),
  /** Of a trained network, the backbone's features instead of the head's output. */
  of: z.literal('features').optional(),
  seed: z.number().int(),
});
export type TsneSettings = z.infer<typeof TsneSettings>;

export const PretrainedSettings = z.strictObject({
  network: z.enum(['resnet18', 'resnet152']),
  /** ImageNet weights as torchvision's IMAGENET1K_V1, or seeded random ones of the same size (to try the step out). */
  weights: z.enum(['imagenet', 'random']),
});
export type PretrainedSettings = z.infer<typeof PretrainedSettings>;

export const ScoreSettings = z.strictObject({
  neighbours: count.describe('that vote on a tested image’s class; 15'),
  testFraction: z.number().gt(0).lt(1).describe('of the images, which the others are asked about; 0.1'),
  /** The paper's is fixed at 0. */
  seed: z.number().int().describe('of the stratified split; 0'),
});
export type ScoreSettings = z.infer<typeof ScoreSettings>;
