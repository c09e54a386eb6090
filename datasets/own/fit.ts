// How an image of any size becomes one that can be trained on: the rule is the same for kept and for new images.
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { resizeBicubic } from '../resize.ts';

/** What becomes of an image that is not square: its middle square is cut out, or it is stretched to a square. */
export const fits = ['crop', 'stretch'] as const;
export type Fit = (typeof fits)[number];

/** Pixels of the longer side: what is larger is reduced, so that sets stay small; experiments train on far less. */
export const largestSide = 512;

/**
 * An image `[height, width, 3]` as it is kept. `crop` is what MedMNIST did with pictures of various sizes (Yang et al., 2023,
 * PneumoniaMNIST and RetinaMNIST); `stretch` leaves the shape to the last resizing, so that pixels are resampled once.
 */
export function fitted(image: NdArray<Uint8Array>, fit: Fit, largest = largestSide): NdArray<Uint8Array> {
  const square = fit === 'crop' ? middleSquare(image) : image;
  const [height, width] = square.shape;
  const scale = largest / Math.max(height, width);
  if (scale >= 1) return square;
  const reduced = (side: number) => Math.max(1, Math.round(side * scale));
  return resizeBicubic(square, reduced(width), reduced(height));
}

function middleSquare(image: NdArray<Uint8Array>): NdArray<Uint8Array> {
  const [height, width] = image.shape;
  if (height === width) return image;
  const side = Math.min(height, width);
  const top = Math.floor((height - side) / 2);
  const left = Math.floor((width - side) / 2);
  const square = new Uint8Array(side * side * 3);
  for (let row = 0; row < side; row++) {
    const start = ((top + row) * width + left) * 3;
    square.set(image.data.subarray(start, start + side * 3), row * side * 3);
  }
  return ndarray(square, [side, side, 3]);
}
