// One view of an image: the whole augmentation, its steps in the order of the authors' code.
import { type NdArray, ndarray } from '../../numeric/array.ts';
import { colorJitter } from './color-jitter.ts';
import { flipHorizontally, flipVertically } from './flip.ts';
import { grayscale } from './grayscale.ts';
import { quarterTurn } from './quarter-turn.ts';
import { resizedCrop } from './resized-crop.ts';
import { type Colour, rotate } from './rotation.ts';
import type { ViewParameters } from './view-parameters.ts';

/** What a view passes through on its way; made once for all images of a shape, so that views allocate no pixels. */
export interface AugmentBuffers {
  readonly turned: NdArray<Uint8Array>;
  readonly rotated: NdArray<Uint8Array>;
  readonly narrowed: Uint8Array;
}

/** Buffers for square images of `size` pixels a side. */
export function augmentBuffers(size: number): AugmentBuffers {
  const blank = () => ndarray(new Uint8Array(size * size * 3), [size, size, 3]);
  return { turned: blank(), rotated: blank(), narrowed: new Uint8Array(size * size * 3) };
}

/**
 * Writes the view of `image` `[size, size, 3]` that `parameters` describe into `target` `[size, size, 3]`, which is
 * returned. Corners that a rotation uncovers get the colour `fill`. Every pixel equals torchvision's on Pillow images.
 */
export function augment(
  image: NdArray<Uint8Array>,
  parameters: ViewParameters,
  fill: Colour,
  target: NdArray<Uint8Array>,
  buffers = augmentBuffers(image.shape[0]),
): NdArray<Uint8Array> {
  let view = image;
  if (parameters.quarterTurns === 1) view = quarterTurn(view, buffers.turned);
  if (parameters.angleDegrees !== null) view = rotate(view, parameters.angleDegrees, fill, buffers.rotated);
  resizedCrop(view, parameters.crop, target, buffers.narrowed);
  if (parameters.flipHorizontally) flipHorizontally(target);
  if (parameters.flipVertically) flipVertically(target);
  if (parameters.jitter) colorJitter(target.data, parameters.jitter);
  if (parameters.grayscale) grayscale(target.data);
  return target;
}
