// Arrays of images as people have them, read block by block: they need not fit into memory.
import { type NdArray, ndarray, type TypedArray } from '../../../numeric/arrays/array.ts';
import { decodeElements } from '../../../numeric/arrays/npy.ts';
import {
  type LevelRange,
  nothingSeen,
  rangeOfSet,
  rangeText,
  type SeenValues,
  see,
  toLevels,
} from '../levels.ts';
import { InvalidOwnImages } from '../own-images.ts';
import { isWords, type StoredArray } from './array-file.ts';

/** What an array of images is, found by looking at its shape, its type and, but for levels of 8 bits, its values. */
export interface ImageArray {
  readonly n: number;
  readonly height: number;
  readonly width: number;
  /** As stored: 1 grey, 3 RGB, 4 with alpha. */
  readonly channels: number;
  readonly channelsFirst: boolean;
  /** NumPy's name of the numbers' type. */
  readonly descr: string;
  /** Undefined where the values are levels already. */
  readonly range?: LevelRange;
}

/** What was understood otherwise than `uint8 [n, height, width, 3]` says by itself; in words. */
export function understoodOf({
  n,
  height,
  width,
  channels,
  channelsFirst,
  descr,
  range,
}: ImageArray): string[] {
  const shape = [n, channels, height, width];
  return [
    ...(channelsFirst ? [`channels first, [${shape}]: taken as ${channels === 1 ? 'grey' : 'colours'}`] : []),
    ...(range ? [`${descr}: ${rangeText(range)} as levels 0 … 255`] : []),
  ];
}

/** Parts of one set with one range: that of all of them, so that they stay comparable. */
export function withOneRange(parts: readonly ImageArray[]): ImageArray[] {
  const ranges = parts.flatMap(({ range }) => range ?? []);
  if (ranges.length < 2) return [...parts];
  const range = {
    from: Math.min(...ranges.map(one => one.from)),
    to: Math.max(...ranges.map(one => one.to)),
  };
  return parts.map(part => (part.range ? { ...part, range } : part));
}

/**
 * Looks through an array: whether it is images, and how its numbers become levels.
 * @param levels what becomes 0 and 255; by default what the type and the values say
 * @throws InvalidOwnImages where it is no array of images, empty, or holds what is no number
 */
export async function lookAtImages(
  array: StoredArray,
  levels?: LevelRange,
  signal?: AbortSignal,
): Promise<ImageArray> {
  const layout = layoutOf(array);
  const { descr } = array.header;
  if (descr === '|u1' && !levels) return { ...layout, descr };
  const range = levels ?? rangeOf(descr, await valuesOf(array, layout, signal));
  return { ...layout, descr, ...(range && { range }) };
}

/** Reads the images that were looked at, grey thrice, alpha dropped: blocks `[b, height, width, 3]`. */
export async function* imageBlocks(
  array: StoredArray,
  images: ImageArray,
  signal?: AbortSignal,
): AsyncGenerator<NdArray<Uint8Array>> {
  const { height, width, channels, range } = images;
  for await (const values of someImages(array, images, signal)) {
    const levels = range ? toLevels(values, range) : Uint8Array.from(values);
    yield ndarray(rgb(levels, images), [levels.length / (height * width * channels), height, width, 3]);
  }
}

type Layout = Omit<ImageArray, 'descr' | 'range'>;

function layoutOf({ place, header }: StoredArray): Layout {
  const { shape } = header;
  const isChannels = (length: number) => length === 1 || length === 3 || length === 4;
  const wanted = (found: string) =>
    new InvalidOwnImages(
      place,
      `images are [n, height, width] or [n, height, width, 3], levels 0 … 255; ${found}`,
    );
  if (isWords(header)) throw wanted('these are words');
  if (shape.includes(0)) throw wanted(`this holds none: its shape is [${shape}]`);
  const [n, a, b, c] = shape;
  if (shape.length === 3 && !isChannels(b))
    return { n, height: a, width: b, channels: 1, channelsFirst: false };
  if (shape.length === 4 && isChannels(c))
    return { n, height: a, width: b, channels: c, channelsFirst: false };
  if (shape.length === 4 && isChannels(a))
    return { n, height: b, width: c, channels: a, channelsFirst: true };
  const way = shape.length === 3 ? `; if this is one image, save it as [1, ${shape.join(', ')}]` : '';
  throw wanted(`this is ${header.descr} [${shape}]${way}`);
}

/** How values of a type become levels: whole numbers within 0 … 255 are levels; floats within 0 … 1 are shares. */
function rangeOf(descr: string, seen: SeenValues): LevelRange | undefined {
  const isFloat = descr[1] === 'f';
  if (descr === '|b1' || (isFloat && seen.least >= 0 && seen.most <= 1)) return { from: 0, to: 1 };
  if (seen.least >= 0 && seen.most <= 255) return isFloat ? { from: 0, to: 255 } : undefined;
  return rangeOfSet(seen);
}

async function valuesOf(array: StoredArray, layout: Layout, signal?: AbortSignal): Promise<SeenValues> {
  const seen = nothingSeen();
  let strange = 0;
  for await (const values of someImages(array, layout, signal)) strange += see(seen, values);
  if (strange > 0) {
    throw new InvalidOwnImages(
      array.place,
      `${strange} of its values are NaN or infinite; images must be finite`,
    );
  }
  return seen;
}

const blockBytes = 1 << 24; // some thousand small images

/** The values of some whole images at a time. */
async function* someImages(
  array: StoredArray,
  { n, height, width, channels }: Layout,
  signal?: AbortSignal,
): AsyncGenerator<TypedArray> {
  const { descr, fortranOrder, shape } = array.header;
  if (fortranOrder) {
    yield ((await array.content()) as NdArray).data; // turning it round takes all of it
    return;
  }
  const bytes = Number(descr.slice(2)) * height * width * channels;
  const block = new Uint8Array(Math.min(shape[0], Math.max(1, Math.floor(blockBytes / bytes))) * bytes);
  let [filled, done] = [0, 0];
  for await (const piece of array.stream(signal)) {
    for (let start = 0; start < piece.length; ) {
      const part = piece.subarray(start, start + block.length - filled);
      block.set(part, filled);
      start += part.length;
      filled += part.length;
      if (filled < block.length) continue;
      yield decodeElements(descr, block);
      done += filled / bytes;
      filled = 0;
    }
  }
  if (done + filled / bytes !== n)
    throw new InvalidOwnImages(array.place, 'has become shorter while it was read');
  if (filled > 0) yield decodeElements(descr, block.subarray(0, filled));
}

function rgb(levels: Uint8Array, { height, width, channels, channelsFirst }: Layout): Uint8Array {
  if (channels === 3 && !channelsFirst) return levels;
  const pixels = height * width;
  const n = levels.length / (pixels * channels);
  const [pixelStep, channelStep] = channelsFirst ? [1, pixels] : [channels, 1];
  const result = new Uint8Array(n * pixels * 3);
  for (let image = 0, to = 0; image < n; image++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const from = image * pixels * channels + pixel * pixelStep;
      for (let channel = 0; channel < 3; channel++) {
        result[to++] = levels[from + (channels === 1 ? 0 : channel * channelStep)];
      }
    }
  }
  return result;
}
