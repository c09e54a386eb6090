// A colour step as tests look at it: on a copy of an image, with what is seen of the pixels afterwards.
import {
  asLevels,
  type TonedPixels,
  tonedPixels,
  writeSeen,
} from '../../../learning/augmentations/toned-pixels.ts';
import { type NdArray, ndarray } from '../../../numeric/arrays/array.ts';

export function recoloured(
  image: NdArray<Uint8Array>,
  ...steps: ((pixels: TonedPixels) => void)[]
): NdArray<Uint8Array> {
  const copy = ndarray(image.data.slice(), image.shape);
  const pixels = tonedPixels(copy.data);
  for (const step of steps) step(pixels);
  writeSeen(pixels, asLevels, copy.data);
  return copy;
}
