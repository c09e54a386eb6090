// Resizing of whole images as Pillow does it, level for level (numeric/resampling.ts).
import { type NdArray, ndarray } from '../numeric/arrays/array.ts';
import {
  bicubic,
  bilinear,
  type Filter,
  resampleColumns,
  resampleRows,
  weightsOf,
} from '../numeric/resampling.ts';

/** Bicubic (a = −0.5), Pillow's default: `Image.convert('RGB').resize((width, height))`. `image` is `[h, w, 3 or 4]`; alpha is dropped. */
export function resizeBicubic(
  image: NdArray<Uint8Array>,
  width: number,
  height = width,
): NdArray<Uint8Array> {
  return resize(image, width, height, bicubic);
}

/** Bilinear with antialiasing: `Image.convert('RGB').resize((width, height), BILINEAR)`. `image` is `[h, w, 3 or 4]`; alpha is dropped. */
export function resizeBilinear(
  image: NdArray<Uint8Array>,
  width: number,
  height = width,
): NdArray<Uint8Array> {
  return resize(image, width, height, bilinear);
}

/**
 * An image `[h, w, 3]` as the pretrained networks take it, still in levels: the shorter side to 256 (bilinear), then the
 * middle `[224, 224, 3]`. As torchvision's Resize(256) and CenterCrop(224) on PIL images; paper, "Experimental setup".
 */
export function imagenetPicture(image: NdArray<Uint8Array>, side = 256, crop = 224): NdArray<Uint8Array> {
  const [height, width] = image.shape;
  const shorter = Math.min(height, width);
  const longer = Math.floor((side * Math.max(height, width)) / shorter);
  const resized = width <= height ? resizeBilinear(image, side, longer) : resizeBilinear(image, longer, side);
  return cropCentre(resized, crop);
}

function cropCentre(
  { data, shape: [height, width] }: NdArray<Uint8Array>,
  crop: number,
): NdArray<Uint8Array> {
  const top = roundHalfToEven((height - crop) / 2);
  const left = roundHalfToEven((width - crop) / 2);
  const cropped = new Uint8Array(crop * crop * 3);
  for (let row = 0; row < crop; row++) {
    const start = ((top + row) * width + left) * 3;
    cropped.set(data.subarray(start, start + crop * 3), row * crop * 3);
  }
  return ndarray(cropped, [crop, crop, 3]);
}

/** Python's `round`. */
function roundHalfToEven(half: number): number {
  return half % 1 === 0.5 && Math.floor(half) % 2 === 0 ? Math.floor(half) : Math.round(half);
}

function resize(
  { data, shape: [inHeight, inWidth, channels] }: NdArray<Uint8Array>,
  width: number,
  height: number,
  filter: Filter,
): NdArray<Uint8Array> {
  if (channels !== 3 && channels !== 4)
    throw new RangeError(`resize: an image has 3 or 4 channels (RGB, RGBA), found ${channels}`);
  const columns = weightsOf(inWidth, width, filter);
  const rows = weightsOf(inHeight, height, filter);
  const pixels = { data, origin: 0, rowStep: inWidth * channels, columnStep: channels };
  const resized = new Uint8ClampedArray(height * width * 3);
  // Horizontally first, but for images that lose much more height than width (since Pillow 13; square ones never do).
  const [lostHeight, lostWidth] = [inHeight - height, inWidth - width];
  if (lostHeight > 0 && lostHeight > 2 * lostWidth) {
    const low = new Uint8ClampedArray(height * pixels.rowStep);
    resampleRows(data, pixels.rowStep, rows, false, low);
    resampleColumns({ ...pixels, data: low }, height, columns, false, resized);
  } else {
    const narrow = new Uint8ClampedArray(inHeight * width * 3);
    resampleColumns(pixels, inHeight, columns, false, narrow);
    resampleRows(narrow, width * 3, rows, false, resized);
  }
  return ndarray(new Uint8Array(resized.buffer), [height, width, 3]);
}
