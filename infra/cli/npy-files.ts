// Arrays that the command line is given, .npy or .npz, checked before any work; and .npy files that it gives.
import { replaceWhole, writeWhole } from '../../artifacts/durable.ts';
import {
  arrayAt,
  chosenArray,
  readArrayFile,
  streamArrays,
  withArrays,
} from '../../datasets/own/arrays/array-file.ts';
import { imageBlocks, lookAtImages, understoodOf } from '../../datasets/own/arrays/image-array.ts';
import { classNamesIn } from '../../datasets/own/arrays/label-array.ts';
import type { LevelRange } from '../../datasets/own/levels.ts';
import { type ImageSource, labelled } from '../../datasets/own/own-images.ts';
import { asRows, type NdArray, ndarray, takeRows } from '../../numeric/arrays/array.ts';
import { encodeNpy } from '../../numeric/arrays/npy.ts';
import { writeRows } from '../../numeric/arrays/npy-writer.ts';
import { UsageError } from './usage-error.ts';

/** Squares of what lies beyond overflow, or vanish. */
const [smallest, largest] = [1e-100, 1e100];

/**
 * Points `[n, d]` of finite numbers (images `[n, h, w, 3]` count as rows of levels); see `readArrayFile`. The largest number lies
 * within `least` … `most`.
 */
export async function readPoints(
  file: string,
  { least = smallest, most = largest } = {},
): Promise<NdArray<Float32Array | Float64Array>> {
  const content = await readArrayFile(file);
  if ('words' in content) throw new UsageError(`${file}: points are numbers, this holds words`);
  const { data, shape } = content;
  if (shape.length < 2) throw new UsageError(`${file}: points have shape [n, d], this is [${shape}]`);
  if (data.length === 0) throw new UsageError(`${file}: holds no numbers: its shape is [${shape}]`);
  let size = 0;
  for (let place = 0; place < data.length; place++) {
    const value = Math.abs(data[place]);
    if (!Number.isFinite(value)) {
      const point = Math.floor((place * shape[0]) / data.length);
      throw new UsageError(
        `${file}: point ${point} has the value ${data[place]}; all must be finite: leave it out, or repair it`,
      );
    }
    if (value > size) size = value;
  }
  if (size > 0 && (size > most || size < least)) {
    throw new UsageError(
      `${file}: its largest number is ${size.toPrecision(3)} in size, and distances are exact from ${least} to ${most} only; multiply all by one factor, which changes no result`,
    );
  }
  if (data instanceof Uint8Array) return asRows(ndarray(Float32Array.from(data), shape));
  return asRows(ndarray(data instanceof Int32Array ? Float64Array.from(data) : data, shape));
}

/** Points and their classes, without those that have none (`classNamesIn`), which are counted. */
export async function readLabelledPoints(embedding: string, labels: string) {
  const points = await readPoints(embedding);
  const { labels: numbers } = labelled(classNamesIn(labels, await readArrayFile(labels)));
  const [n] = points.shape;
  if (numbers.length !== n) {
    throw new UsageError(`${labels}: ${numbers.length} labels for the ${n} points of ${embedding}`);
  }
  const known = Int32Array.from(numbers.keys()).filter(i => numbers[i] >= 0);
  if (known.length === n) return { points, labels: numbers, unlabelled: 0 };
  return {
    points: takeRows(points, known),
    labels: numbers.filter(one => one >= 0),
    unlabelled: n - known.length,
  };
}

/** A file of images, looked through (`lookAtImages`); it may be larger than memory. */
export async function openImages(place: string, levels?: LevelRange): Promise<ImageSource> {
  const { file, name } = arrayAt(place);
  const images = await withArrays(file, arrays => lookAtImages(chosenArray(file, arrays, name), levels));
  return {
    n: images.n,
    files: Array.from({ length: images.n }, (_, i) => String(i)),
    understood: understoodOf(images),
    blocks: signal =>
      streamArrays(file, arrays => imageBlocks(chosenArray(file, arrays, name), images, signal), signal),
  };
}

/** Writes a .npy file whole, from batches of its `n` rows; gives the array's shape. */
export async function writeNpyRows(
  file: string,
  n: number,
  batches: AsyncIterable<NdArray>,
): Promise<readonly number[]> {
  let shape: readonly number[] = [];
  await replaceWhole(file, async temporary => {
    shape = await writeRows(temporary, n, batches);
  });
  return shape;
}

/** Writes a .npy file whole. */
export async function writeNpyFile(file: string, array: NdArray): Promise<void> {
  await writeWhole(file, encodeNpy(array));
}

/** Parses an option's number; the name is for the message. */
export function parseNumber(
  name: string,
  text: string,
  { integer = false, least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = {},
): number {
  const value = Number(text);
  if (
    text.trim() === '' ||
    !Number.isFinite(value) ||
    (integer && !Number.isInteger(value)) ||
    value < least ||
    value > most
  ) {
    const kind = integer ? 'a whole number' : 'a number';
    const bound = least === Number.NEGATIVE_INFINITY ? '' : ` of at least ${least}`;
    const limit = most === Number.POSITIVE_INFINITY ? '' : ` and at most ${most}`;
    throw new UsageError(`--${name} "${text}" must be ${kind}${bound}${limit}`);
  }
  return value;
}

/** An option that must be one of a few words. */
export function oneOf<Word extends string>(name: string, text: string, words: readonly Word[]): Word {
  if ((words as readonly string[]).includes(text)) return text as Word;
  throw new UsageError(`--${name} "${text}" is not known; there are ${words.join(', ')}`);
}
