// What lies in artifacts, by name and form: what one step writes and others read.
import { z } from 'zod';

/** Weights of a trained network, in the artifact of `train`. */
export const networkFile = 'network.safetensors';

/** Weights on the way there, after `epoch` epochs of all stages, in the same artifact where the training keeps snapshots. */
export const snapshotFile = (epoch: number) =>
  `snapshots/epoch-${String(epoch).padStart(6, '0')}.safetensors`;

/** The snapshots among an artifact's files, in their order. */
export function snapshotsIn(files: Record<string, unknown>): { epoch: number; file: string }[] {
  const epochs = Object.keys(files).map(file => Number(/^snapshots\/epoch-(\d+)\./.exec(file)?.[1] ?? 0));
  return epochs.filter(epoch => epoch > 0).map(epoch => ({ epoch, file: snapshotFile(epoch) }));
}

/** Weights of a pretrained network, in the artifact of `fetch-weights`, whatever the source calls the file. */
export const weightsFile = 'weights.safetensors';

/** The group of each image, in the artifact of `prepare`, where images that somebody brought have groups. */
export const groupsFile = 'groups.npy';

/** `dataset.json` of `prepare`. */
export const PreparedDataset = z.object({
  dataset: z.string(),
  title: z.string(),
  /** Images that somebody brought: they may lack what scores need. */
  own: z.literal(true).optional(),
  n: z.number(),
  /** Images of the whole data set, of which these are a part. */
  nWhole: z.number(),
  imageSize: z.number(),
  classes: z.array(z.object({ name: z.string(), short: z.string(), colour: z.string(), count: z.number() })),
  borderColour: z.tuple([z.number(), z.number(), z.number()]),
  /**
   * How `thumbnails.png` is laid out: `columns` tiles of `tile` pixels in a row, image 0 first. A set too large for one
   * picture has several: `perPicture` images in each, the second in `thumbnails-2.png`, tiles shrunk.
   */
  thumbnails: z.object({ columns: z.number(), tile: z.number(), perPicture: z.number().optional() }),
});
export type PreparedDataset = z.infer<typeof PreparedDataset>;

/** `training.json` of `train`: how the training went, an entry an epoch. (No timings: the same seed makes the same file.) */
export const TrainingCurves = z.object({
  losses: z.array(z.number()),
  learningRates: z.array(z.number()),
  stages: z.array(z.object({ name: z.string(), epochs: z.number() })),
});
export type TrainingCurves = z.infer<typeof TrainingCurves>;
