// One view of an image: the whole augmentation, its steps in the order of the authors' code.
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { colorJitter } from './color-jitter.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import { grayscale } from './grayscale.ts';
import { quarterTurned, rasterOf } from './raster.ts';
import { resizedCrop } from './resized-crop.ts';
import { type Colour, rotate } from './rotation.ts';
import { stainJitter } from './stain-jitter.ts';
import { asLevels, resetCurve, type TonedPixels, tonedPixels, writeSeen } from './toned-pixels.ts';
import type { ViewParameters } from './view-parameters.ts';

/** What a view passes through on its way; made once for all images of a shape, so that views allocate no pixels. */
export interface AugmentBuffers {
  readonly rotated: NdArray<Uint8Array>;
  readonly narrowed: Uint8Array;
  readonly view: NdArray<Uint8Array>;
  readonly pixels: TonedPixels;
}

/** Buffers for square images of `size` pixels a side; `view` is where views are made, `[height, width, 3]`. */
export function augmentBuffers(size: number, view = blank(size, size)): AugmentBuffers {
  return {
    rotated: blank(size, size),
    narrowed: blank(size, view.shape[1]).data,
    view,
    pixels: tonedPixels(view.data),
  };
}

/**
 * Makes the view of `image` `[size, size, 3]` that `parameters` describe, in the buffers. Corners that a rotation uncovers get the colour
 * `fill`. Every pixel equals torchvision's on Pillow images.
 */
export function augmentInto(
  { rotated, narrowed, view, pixels }: AugmentBuffers,
  image: NdArray<Uint8Array>,
  parameters: ViewParameters,
  fill: Colour,
): TonedPixels {
  let seen = rasterOf(image);
  if (parameters.quarterTurns === 1) seen = quarterTurned(seen);
  if (parameters.angleDegrees !== null) seen = rasterOf(rotate(seen, parameters.angleDegrees, fill, rotated));
  resizedCrop(seen, parameters.crop, view, parameters, narrowed);
  resetCurve(pixels);
  if (parameters.stains) stainJitter(pixels, parameters.stains);
  if (parameters.jitter) colorJitter(pixels, parameters.jitter);
  if (parameters.grayscale) grayscale(pixels);
  if (parameters.blur) gaussianBlur(pixels, parameters.blur);
  return pixels;
}

/** The view alone, in `target` `[height, width, 3]`, which is returned. */
export function augment(
  image: NdArray<Uint8Array>,
  parameters: ViewParameters,
  fill: Colour,
  target: NdArray<Uint8Array>,
): NdArray<Uint8Array> {
  const pixels = augmentInto(augmentBuffers(image.shape[0], target), image, parameters, fill);
  writeSeen(pixels, asLevels, target.data);
  return target;
}

function blank(height: number, width: number): NdArray<Uint8Array> {
  return ndarray(new Uint8Array(height * width * 3), [height, width, 3]);
}
