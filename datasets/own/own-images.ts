// Images of one's own: what every reader of them gives, and the rules that every set must obey to be scored.
import type { NdArray } from '../../numeric/arrays/array.ts';
import type { LevelRange } from './levels.ts';

/** Images that are read in order, from wherever they are. */
export interface ImageSource {
  readonly n: number;
  /** Where each comes from: its path below the folder, with slashes, or its array and place there. */
  readonly files: readonly string[];
  /** What was understood that the data do not say by themselves; in words. */
  readonly understood?: readonly string[];
  /**
   * All images in order: blocks `[b, height, width, 3]` of RGB levels, all images of a block of one size, valid until the next.
   * @throws InvalidOwnImages, InvalidImage, the reason of `signal`
   */
  blocks(signal?: AbortSignal): AsyncIterable<NdArray<Uint8Array>>;
}

/** A set as it is read, before it is kept. */
export interface OwnImages extends ImageSource {
  /** `[n]`, in 0 … classes − 1; −1 where an image has no class. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  /** What else is known of the images: their part, a table's further columns. */
  readonly columns: readonly Column[];
  /** The name of the column whose words tell groups: a patient, a slide, the original of copies. */
  readonly group?: string;
  /** What was not taken, by reason. */
  readonly leftOut: readonly LeftOut[];
  /** What became level 0 and 255 of those of more than 8 bits, so that new images can be seen alike. */
  readonly range?: LevelRange;
}

/** One reason, how often it was met, and the first places. */
export interface LeftOut {
  readonly reason: string;
  readonly count: number;
  readonly examples: readonly string[];
}

/** A word for each image; empty where nothing is known. */
export interface Column {
  readonly name: string;
  readonly values: readonly string[];
}

/** Images of one's own that cannot be taken; the message names place, rule, value and way out. */
export class InvalidOwnImages extends Error {
  override name = 'InvalidOwnImages';

  constructor(place: string, problem: string, cause?: unknown) {
    super(`${place}: ${problem}`, { cause });
  }
}

/** The classes behind each image's class name: sorted (as numbers, where all are), and each image's place among them; without a name −1. */
export function labelled(
  names: readonly (string | undefined)[],
): Pick<OwnImages, 'n' | 'labels' | 'classes'> {
  const classes = [...new Set(names)].filter(name => name !== undefined);
  if (classes.every(name => /^-?\d{1,15}$/.test(name))) classes.sort((a, b) => Number(a) - Number(b));
  else classes.sort();
  const places = new Map(classes.map((name, place) => [name, place]));
  return {
    n: names.length,
    labels: Int32Array.from(names, name => (name === undefined ? -1 : places.get(name)!)),
    classes,
  };
}

/** Groups as numbers, by the words of a column; an image of which nothing is known is a group of its own. */
export function groupNumbers(words: readonly string[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(words, (word, i) => {
    const key = isBlank(word) ? `\0${i}` : word;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

/**
 * The same images in groups: by a column's words, or by what a pattern finds in their files' names (its first group, if it has one),
 * which becomes the column "group".
 * @throws InvalidOwnImages where there is no such column, a name without the pattern, or one group only
 */
export function grouped(
  place: string,
  images: OwnImages,
  { column, pattern }: { column?: string; pattern?: RegExp },
): OwnImages {
  const columns = pattern
    ? [...images.columns, { name: 'group', values: namesFound(place, images.files, pattern) }]
    : images.columns;
  const group = pattern ? 'group' : column;
  const found = columns.findLast(({ name }) => name === group);
  if (!found) {
    throw new InvalidOwnImages(
      place,
      `there is no column "${column}" to group by; there are ${
        quoted(
          columns.map(({ name }) => name),
          20,
        ) || 'none'
      }`,
    );
  }
  const count = new Set(groupNumbers(found.values)).size;
  if (count < 2)
    throw new InvalidOwnImages(
      place,
      `all images are of one group ("${found.values[0]}"); the score needs two`,
    );
  return { ...images, columns, group };
}

function namesFound(place: string, files: readonly string[], pattern: RegExp): string[] {
  const found = files.map(file => pattern.exec(file));
  const without = files.filter((_, i) => !found[i]);
  if (without.length > 0) {
    throw new InvalidOwnImages(
      place,
      `${without.length} names do not have the group's pattern ${pattern}: ${quoted(without, 3)}`,
    );
  }
  return found.map(match => match![1] ?? match![0]);
}

const neighbours = 15; // of the kNN score, which tests on a tenth: paper, section 4
const testFraction = 0.1;

/** The fewest images of which a map is made: t-SNE's and the score's 15 neighbours, and two that are tested. */
export const fewestImages = neighbours + 2;

/**
 * Why a set has no scores, in words; undefined where it has both: two classes, two images in each, a place for each class among
 * the tested, enough neighbours. Images without a class do not count.
 */
export function whyUnscored({ labels, classes }: Pick<OwnImages, 'labels' | 'classes'>): string | undefined {
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of labels) if (label >= 0) counts[label]++;
  const n = counts.reduce((sum, count) => sum + count, 0);
  const tested = testedOf(n);
  if (classes.length === 0) return 'no classes';
  if (classes.length === 1) return `one class only ("${classes[0]}"), and the scores tell classes apart`;
  const alone = classes.filter((_, label) => counts[label] < 2);
  if (alone.length > 0) {
    return `of class ${quoted(alone)} there is one image only; every class needs two, to learn from one and be tested on the other`;
  }
  if (tested < classes.length) {
    return `${n} images of ${classes.length} classes; the score tests on a tenth of the images (${tested}), which must have a place for every class: ${leastFor(classes.length)} are needed, or fewer classes`;
  }
  if (n - tested < neighbours) {
    return `${n} images with a class; the score asks the ${neighbours} nearest neighbours of each tested image: ${fewestImages} are needed`;
  }
  return undefined;
}

/** How many of `n` images the score tests on. */
export function testedOf(n: number): number {
  return Math.ceil(testFraction * n);
}

/** The fewest images of which a tenth has a place for every class. */
export function leastFor(classes: number): number {
  return 10 * (classes - 1) + 1;
}

/** Whether a word says that nothing is known: empty, or what pandas and Excel write for that. */
export function isBlank(word: string): boolean {
  return /^\s*(|nan|n\/?a|#n\/a|null|<na>)\s*$/i.test(word);
}

/** `"a", "b"`, or the first few of many. */
export function quoted(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map(name => `"${name}"`);
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : shown.join(', ');
}
