// Arrays that the command line is given and gives: .npy files, checked before any work.
import { replaceWhole, writeWhole } from '../../artifacts/durable.ts';
import { asRows, type NdArray, ndarray } from '../../numeric/array.ts';
import { encodeNpy } from '../../numeric/npy.ts';
import { type NpyFile, npyFile, openRows, type RowReader, readNpy } from '../../numeric/npy-file.ts';
import { writeRows } from '../../numeric/npy-writer.ts';
import { UsageError } from './usage-error.ts';

/** Reads a .npy file; errors name it. */
export async function readNpyFile(file: string): Promise<NdArray> {
  return readNpy(file).catch(error => {
    throw explainUnreadable(file, error);
  });
}

/** Labels `[n]` or `[n, 1]`, whole numbers. */
export async function readLabels(file: string): Promise<Int32Array> {
  const { data, shape } = await readNpyFile(file);
  const isFlat = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
  if (!isFlat) throw new UsageError(`${file}: labels have shape [n] or [n, 1], this is [${shape}]`);
  if (data instanceof Float32Array || data instanceof Float64Array) {
    throw new UsageError(`${file}: labels are whole numbers, this holds ${data.constructor.name}`);
  }
  return Int32Array.from(data);
}

/** Points `[n, d]` of finite numbers (images `[n, h, w, 3]` count as rows of levels). */
export async function readPoints(file: string): Promise<NdArray<Float32Array | Float64Array>> {
  const { data, shape } = await readNpyFile(file);
  if (shape.length < 2) throw new UsageError(`${file}: points have shape [n, d], this is [${shape}]`);
  const place = data.findIndex((value: number) => !Number.isFinite(value));
  if (place >= 0) throw new UsageError(`${file}: element ${place} is ${data[place]}; points must be finite`);
  if (data instanceof Uint8Array) return asRows(ndarray(Float32Array.from(data), shape));
  return asRows(ndarray(data instanceof Int32Array ? Float64Array.from(data) : data, shape));
}

/** A file of images `[n, height, width, 3]` uint8, opened to be read row by row; it may be larger than memory. */
export function openImages(file: string): RowReader<Uint8Array> {
  const images = storedArray(file);
  const { dtype, shape } = images;
  if (shape.length !== 4 || shape[3] !== 3 || dtype !== 'uint8') {
    throw new UsageError(
      `${file}: images are uint8 of shape [n, height, width, 3], this is ${dtype} [${shape}]`,
    );
  }
  return openRows(images as NpyFile<Uint8Array>);
}

function storedArray(file: string): NpyFile {
  try {
    return npyFile(file);
  } catch (error) {
    throw explainUnreadable(file, error);
  }
}

/** Where the system cannot read the file, an error that says so. */
function explainUnreadable(file: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? error : new UsageError(`${file}: cannot be read (${code})`);
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
  { integer = false, least = Number.NEGATIVE_INFINITY } = {},
): number {
  const value = Number(text);
  if (
    text.trim() === '' ||
    !Number.isFinite(value) ||
    (integer && !Number.isInteger(value)) ||
    value < least
  ) {
    const kind = integer ? 'a whole number' : 'a number';
    const bound = least === Number.NEGATIVE_INFINITY ? '' : ` of at least ${least}`;
    throw new UsageError(`--${name} "${text}" must be ${kind}${bound}`);
  }
  return value;
}

/** An option that must be one of a few words. */
export function oneOf<Word extends string>(name: string, text: string, words: readonly Word[]): Word {
  if ((words as readonly string[]).includes(text)) return text as Word;
  throw new UsageError(`--${name} "${text}" is not known; there are ${words.join(', ')}`);
}
