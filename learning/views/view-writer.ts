// Writes views of images as training takes them; what is written depends on nothing but settings, epoch and image.

import { ndarray } from '../../numeric/arrays/array.ts';
import { openRows, type RowSource } from '../../numeric/arrays/npy-file.ts';
import { Random } from '../../numeric/random.ts';
import { augmentBuffers, augmentInto } from '../augmentations/augment.ts';
import type { AugmentationSet } from '../augmentations/augmentation-set.ts';
import type { Colour } from '../augmentations/rotation.ts';
import { writeSeen } from '../augmentations/toned-pixels.ts';
import { drawViewParameters } from '../augmentations/view-parameters.ts';

/** What all views of a training run have in common. */
export interface ViewSettings {
  /** `[images, size, size, 3]`, in memory or in a file that every thread reads from. */
  readonly images: RowSource<Uint8Array>;
  readonly set: AugmentationSet;
  /** The colour of the corners that a rotation uncovers: the data set's border colour. */
  readonly fill: Colour;
  readonly seed: number;
}

/** Some images of a batch, whose views are to be written. */
export interface ViewTask {
  readonly epoch: number;
  /** The images' places in the data set. */
  readonly images: Int32Array;
  /** The place of the first of them in the batch. */
  readonly first: number;
  /** How many images the whole batch has. */
  readonly batchSize: number;
}

const fractions = Float32Array.from({ length: 256 }, (_, level) => level / 255);

export interface ViewWriter {
  /**
   * Writes the two views of the batch's image i to rows i and batchSize + i of `views`
   * `[2 · batchSize, size, size, 3]`, as level / 255.
   */
  write(task: ViewTask, views: Float32Array): void;
  close(): void;
}

/** Opens the images. */
export function openViewWriter({ images: source, set, fill, seed }: ViewSettings): ViewWriter {
  const images = openRows(source);
  const size = images.shape[1];
  const shape = [size, size, 3];
  const length = size * size * 3;
  const random = new Random(seed);
  const buffers = augmentBuffers(size);

  function write({ epoch, images: chosen, first, batchSize }: ViewTask, views: Float32Array): void {
    const epochRandom = random.fork('view', epoch);
    for (let i = 0; i < chosen.length; i++) {
      const image = ndarray(images.read(chosen[i], chosen[i] + 1).data, shape);
      for (let which = 0; which < 2; which++) {
        const parameters = drawViewParameters(epochRandom.fork(chosen[i], which), set, size);
        const view = augmentInto(buffers, image, parameters, fill);
        writeSeen(view, fractions, views, (which * batchSize + first + i) * length);
      }
    }
  }
  return { write, close: images.close };
}
