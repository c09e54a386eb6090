// Arrays of labels as people have them: whole numbers (in floats, too), words, or a column for each class.
import type { TypedArray } from '../../../numeric/arrays/array.ts';
import { InvalidOwnImages, isBlank } from '../own-images.ts';
import type { ArrayContent } from './array-file.ts';

/** The class of each, by its name; undefined where there is none: NaN, −1, a blank. */
export type ClassNames = readonly (string | undefined)[];

/**
 * Labels `[n]` or `[n, 1]`, or `[n, classes]` with a single 1 in each row (a row of zeros has no class). Where rows have several,
 * `column` says which one tells the classes.
 * @throws InvalidOwnImages where they are none of these
 */
export function classNamesIn(place: string, labels: ArrayContent, column?: number): ClassNames {
  const [n, width = 1, ...more] = labels.shape;
  if (labels.shape.length === 0 || more.length > 0) {
    throw new InvalidOwnImages(place, `labels have shape [n] or [n, 1], this is [${labels.shape}]`);
  }
  if (column !== undefined && (width === 1 || column >= width)) {
    throw new InvalidOwnImages(place, `has no column ${column}: its shape is [${labels.shape}]`);
  }
  if ('words' in labels) {
    if (width !== 1)
      throw new InvalidOwnImages(place, `words have shape [n] or [n, 1], this is [${labels.shape}]`);
    return labels.words.map(word => (isBlank(word) ? undefined : word.trim()));
  }
  const { data } = labels;
  if (column !== undefined)
    return Array.from({ length: n }, (_, i) => nameOf(place, i, data[i * width + column]));
  if (width === 1) return Array.from({ length: n }, (_, i) => nameOf(place, i, data[i]));
  return Array.from({ length: n }, (_, i) => hotColumn(place, labels.shape, data, i));
}

function nameOf(place: string, i: number, value: number): string | undefined {
  if (Number.isNaN(value) || value === -1) return undefined;
  if (!Number.isInteger(value)) {
    throw new InvalidOwnImages(
      place,
      `label ${i} is ${value}; labels are whole numbers or words, NaN or −1 where there is none`,
    );
  }
  return String(value);
}

function hotColumn(
  place: string,
  [, width]: readonly number[],
  data: TypedArray,
  row: number,
): string | undefined {
  const values = data.subarray(row * width, (row + 1) * width);
  const strange = values.findIndex((value: number) => value !== 0 && value !== 1);
  if (strange >= 0) {
    throw new InvalidOwnImages(
      place,
      `row ${row} holds ${values[strange]}; labels have shape [n] or [n, 1], or [n, classes] of 0 and 1`,
    );
  }
  const hot = values.indexOf(1);
  if (hot >= 0 && values.indexOf(1, hot + 1) >= 0) {
    throw new InvalidOwnImages(
      place,
      `is multi-label: row ${row} has more than one of ${width} classes; one class an image is needed: choose a column with --class-column 0 … ${width - 1} (its 0 and 1 are the classes then)`,
    );
  }
  return hot < 0 ? undefined : String(hot);
}
