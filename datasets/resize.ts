// Pillow's resizing of 8-bit images, number for number: src/libImaging/Resample.c of version 13, antialiased, fixed-point
// weights, one pass per axis, rounded to levels between the two.
import { type NdArray, ndarray } from '../numeric/arrays/array.ts';

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

interface Filter {
  support: number;
  weight: (x: number) => number;
}

const bilinear: Filter = { support: 1, weight: x => Math.max(0, 1 - Math.abs(x)) };

const bicubic: Filter = {
  support: 2,
  weight: x => {
    const a = -0.5;
    const t = Math.abs(x);
    if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
    return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
  },
};

function resize(
  image: NdArray<Uint8Array>,
  width: number,
  height: number,
  filter: Filter,
): NdArray<Uint8Array> {
  const [inHeight, inWidth] = image.shape;
  const rgb = dropAlpha(image);
  // Horizontally first, but for images that lose much more height than width (since Pillow 13; square ones never do).
  const [lostHeight, lostWidth] = [inHeight - height, inWidth - width];
  if (lostHeight > 0 && lostHeight > 2 * lostWidth) {
    const low = resampleColumns(rgb, inHeight, inWidth, height, filter);
    return ndarray(resampleRows(low, height, inWidth, width, filter), [height, width, 3]);
  }
  const narrow = resampleRows(rgb, inHeight, inWidth, width, filter);
  return ndarray(resampleColumns(narrow, inHeight, width, height, filter), [height, width, 3]);
}

function dropAlpha({ data, shape: [height, width, channels] }: NdArray<Uint8Array>): Uint8Array {
  if (channels === 3) return data;
  if (channels !== 4)
    throw new RangeError(`resize: an image has 3 or 4 channels (RGB, RGBA), found ${channels}`);
  return Uint8Array.from({ length: height * width * 3 }, (_, i) => data[Math.floor(i / 3) * 4 + (i % 3)]);
}

/** For each output pixel the first input pixel that it draws on, and the weights of that one and those after it. */
interface Taps {
  first: Int32Array;
  weights: Int32Array[];
}

const precisionBits = 22; // Pillow: 32 − 8 − 2
const half = 1 << (precisionBits - 1);

/** Pillow's `precompute_coeffs` and `normalize_coeffs_8bpc`. */
function tapsOf(inSize: number, outSize: number, filter: Filter): Taps {
  const scale = inSize / outSize;
  const filterScale = Math.max(1, scale);
  const support = filter.support * filterScale;
  const taps: Taps = { first: new Int32Array(outSize), weights: [] };
  for (let out = 0; out < outSize; out++) {
    const centre = (out + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(inSize, Math.trunc(centre + support + 0.5));
    const weights = Array.from({ length: end - first }, (_, i) =>
      filter.weight((i + first - centre + 0.5) * (1 / filterScale)),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    taps.first[out] = first;
    taps.weights.push(
      Int32Array.from(weights, weight => roundAwayFromZero((weight / sum) * 2 ** precisionBits)),
    );
  }
  return taps;
}

function roundAwayFromZero(x: number): number {
  return Math.trunc(x < 0 ? x - 0.5 : x + 0.5);
}

/** `[height, inWidth, 3]` to `[height, width, 3]`. */
function resampleRows(
  data: Uint8Array,
  height: number,
  inWidth: number,
  width: number,
  filter: Filter,
): Uint8Array {
  if (width === inWidth) return data;
  const { first, weights } = tapsOf(inWidth, width, filter);
  const result = new Uint8ClampedArray(height * width * 3);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let from = (row * inWidth + first[column]) * 3;
      let [red, green, blue] = [half, half, half];
      for (let tap = 0; tap < weights[column].length; tap++) {
        const weight = weights[column][tap];
        red += weight * data[from++];
        green += weight * data[from++];
        blue += weight * data[from++];
      }
      const to = (row * width + column) * 3;
      result[to] = red >> precisionBits;
      result[to + 1] = green >> precisionBits;
      result[to + 2] = blue >> precisionBits;
    }
  }
  return new Uint8Array(result.buffer);
}

/** `[inHeight, width, 3]` to `[height, width, 3]`. */
function resampleColumns(
  data: Uint8Array,
  inHeight: number,
  width: number,
  height: number,
  filter: Filter,
): Uint8Array {
  if (height === inHeight) return data;
  const { first, weights } = tapsOf(inHeight, height, filter);
  const stride = width * 3;
  const result = new Uint8ClampedArray(height * stride);
  const levels = new Int32Array(stride); // of one row, in fixed point
  for (let row = 0; row < height; row++) {
    levels.fill(half);
    for (let tap = 0; tap < weights[row].length; tap++) {
      const weight = weights[row][tap];
      const from = (first[row] + tap) * stride;
      for (let i = 0; i < stride; i++) levels[i] += weight * data[from + i];
    }
    for (let i = 0; i < stride; i++) result[row * stride + i] = levels[i] >> precisionBits;
  }
  return new Uint8Array(result.buffer);
}
