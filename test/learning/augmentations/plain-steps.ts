// The augmentations in their plain form, pixel by pixel and step by step: what the fast ones are held against.
import { bilinearWeights } from '../../../learning/augmentations/bilinear-weights.ts';
import type { Crop, JitterStep, ViewParameters } from '../../../learning/augmentations/view-parameters.ts';
import { type NdArray, ndarray } from '../../../numeric/arrays/array.ts';
import { weightBits } from '../../../numeric/resampling.ts';

export type Image = NdArray<Uint8Array>;
type Pixel = [red: number, green: number, blue: number];

/** An image `[height, width, 3]`, each of its pixels from its place. */
function draw(height: number, width: number, pixel: (row: number, column: number) => Pixel): Image {
  const data = new Uint8Array(height * width * 3);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) data.set(pixel(row, column), (row * width + column) * 3);
  }
  return ndarray(data, [height, width, 3]);
}

function pixelAt({ data, shape: [, width] }: Image, row: number, column: number): Pixel {
  const start = (row * width + column) * 3;
  return [data[start], data[start + 1], data[start + 2]];
}

const recoloured = (image: Image, change: (pixel: Pixel) => Pixel): Image =>
  draw(image.shape[0], image.shape[1], (row, column) => change(pixelAt(image, row, column)));

export const flippedHorizontally = (image: Image): Image =>
  draw(image.shape[0], image.shape[1], (row, column) => pixelAt(image, row, image.shape[1] - 1 - column));

export const flippedVertically = (image: Image): Image =>
  draw(image.shape[0], image.shape[1], (row, column) => pixelAt(image, image.shape[0] - 1 - row, column));

/** Counter-clockwise. */
export const turned = (image: Image): Image =>
  draw(image.shape[1], image.shape[0], (row, column) => pixelAt(image, column, image.shape[1] - 1 - row));

/** Every level is the sum of all weighted levels of the rectangle's row, then of its column, rounded in between. */
export function cropped(
  image: Image,
  { top, left, height, width }: Crop,
  [newHeight, newWidth]: readonly number[],
): Image {
  const columns = bilinearWeights(width, newWidth);
  const narrow = draw(height, newWidth, (row, column) =>
    weighted(columns, column, tap => pixelAt(image, top + row, left + tap)),
  );
  const rows = bilinearWeights(height, newHeight);
  return draw(newHeight, newWidth, (row, column) => weighted(rows, row, tap => pixelAt(narrow, tap, column)));
}

function weighted(
  { taps, starts, counts, values }: ReturnType<typeof bilinearWeights>,
  i: number,
  pixel: (place: number) => Pixel,
): Pixel {
  const sums = [0, 0, 0];
  for (let tap = 0; tap < counts[i]; tap++) {
    const source = pixel(starts[i] + tap);
    for (let channel = 0; channel < 3; channel++) sums[channel] += source[channel] * values[i * taps + tap];
  }
  return sums.map(sum => Math.floor(sum / 2 ** weightBits + 0.5)) as Pixel;
}

const { fround } = Math;
const greyLevel = ([red, green, blue]: Pixel) => (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
const blended = (from: number, to: number, factor: number) =>
  Math.trunc(Math.min(255, Math.max(0, fround(from + fround(fround(factor) * (to - from))))));

const blendWith = (image: Image, from: (pixel: Pixel) => number, factor: number): Image =>
  recoloured(image, pixel => pixel.map(level => blended(from(pixel), level, factor)) as Pixel);

export const plainColours: Record<JitterStep, (image: Image, factor: number) => Image> = {
  brightness: (image, factor) => blendWith(image, () => 0, factor),
  contrast: (image, factor) => {
    const grey = grey3(image);
    const mean = Math.floor(grey.data.reduce((sum, level) => sum + level, 0) / grey.data.length + 0.5);
    return blendWith(image, () => mean, factor);
  },
  saturation: (image, factor) => blendWith(image, greyLevel, factor),
  hue: (image, factor) => recoloured(image, pixel => hueTurned(pixel, Math.trunc(factor * 255) & 255)),
};

export const grey3 = (image: Image): Image =>
  recoloured(image, pixel => [greyLevel(pixel), greyLevel(pixel), greyLevel(pixel)]);

/** Pillow's way to HSV of 8 bits a channel and back (`rgb2hsv_row`, `hsv2rgb`), branch by branch. */
function hueTurned([red, green, blue]: Pixel, shift: number): Pixel {
  const value = Math.max(red, green, blue);
  const range = value - Math.min(red, green, blue);
  if (range === 0) return [red, green, blue];
  const below = (level: number) => fround((value - level) / range);
  let sixths: number;
  if (red === value) sixths = fround(below(blue) - below(green));
  else if (green === value) sixths = fround(2 + below(red) - below(blue));
  else sixths = fround(4 + below(green) - below(red));
  const turns = fround((sixths / 6 + 1) % 1);
  const hue = (Math.trunc(turns * 255) + shift) & 255;
  const saturation = fround(Math.trunc((range / value) * 255) / 255);

  const place = (hue * 6) / 255;
  const fraction = fround(place - Math.floor(place));
  const level = (share: number) => Math.trunc(value * (1 - share) + 0.5);
  const [low, falling, rising] = [saturation, saturation * fraction, saturation * (1 - fraction)].map(level);
  const sectors: Pixel[] = [
    [value, rising, low],
    [falling, value, low],
    [low, value, rising],
    [low, falling, value],
    [rising, low, value],
    [value, low, falling],
  ];
  return sectors[Math.floor(place) % 6];
}

/** A whole view without rotation, step after step; at the image's size. */
export function plainView(image: Image, parameters: ViewParameters): Image {
  let view = parameters.quarterTurns === 1 ? turned(image) : image;
  view = cropped(view, parameters.crop, image.shape);
  if (parameters.flipHorizontally) view = flippedHorizontally(view);
  if (parameters.flipVertically) view = flippedVertically(view);
  const { jitter } = parameters;
  for (const step of jitter?.order ?? []) view = plainColours[step](view, jitter![step]);
  return parameters.grayscale ? grey3(view) : view;
}
