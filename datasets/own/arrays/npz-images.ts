// Images of one's own in an .npz file: MedMNIST's train, test and val parts, or plain `images`, with `labels` or without.
import type { LevelRange } from '../levels.ts';
import { type Column, InvalidOwnImages, labelled, type OwnImages, quoted } from '../own-images.ts';
import { type StoredArray, streamArrays, withArrays } from './array-file.ts';
import { type ImageArray, imageBlocks, lookAtImages } from './image-array.ts';
import { type ClassNames, classNamesIn } from './label-array.ts';

/** What stands before `images` and `labels`; the splits in the authors' order (scripts/mnist.py). */
const prefixes = ['train_', 'test_', 'val_', ''];

export interface NpzOptions {
  /** Names of the labels 0, 1, 2, … */
  readonly names?: readonly string[];
  /** Which column of labels `[n, several]` tells the classes. */
  readonly column?: number;
  /** What becomes level 0 and 255; by default what type and values say. */
  readonly levels?: LevelRange;
}

/**
 * Opens a file of images and their labels (`lookAtImages`, `classNamesIn`).
 * @throws InvalidOwnImages where the archive is damaged, an array is missing, or of another type or shape
 */
export async function openNpzImages(file: string, options: NpzOptions = {}): Promise<OwnImages> {
  const found = await withArrays(file, async arrays => {
    const parts: Part[] = [];
    for (const prefix of prefixesIn(file, arrays))
      parts.push(await lookAtPart(file, arrays, prefix, options));
    return parts;
  });
  const names = found.flatMap(({ classes }) => classes.map(name => nameOf(file, name, options.names)));
  return {
    ...labelled(names),
    files: found.flatMap(({ name, images }) => Array.from({ length: images.n }, (_, i) => `${name}/${i}`)),
    columns: found.length > 1 ? [partColumn(found)] : [],
    leftOut: [],
    range: found.find(({ images }) => images.range)?.images.range,
    understood: [...new Set(found.flatMap(({ images }) => images.understood))],
    blocks: signal =>
      streamArrays(file, async function* (arrays) {
        for (const { name, images } of found) yield* imageBlocks(arrays.get(name)!, images, signal);
      }),
  };
}

/** `train`, `test` or `val`. */
function partColumn(parts: readonly Part[]): Column {
  const values = parts.flatMap(({ name, images }) =>
    Array<string>(images.n).fill(name.replace('_images', '')),
  );
  return { name: 'part', values };
}

interface Part {
  /** Of the array of images. */
  name: string;
  images: ImageArray;
  classes: ClassNames;
}

type Arrays = ReadonlyMap<string, StoredArray>;

async function lookAtPart(file: string, arrays: Arrays, prefix: string, options: NpzOptions): Promise<Part> {
  const name = `${prefix}images`;
  const images = await lookAtImages(arrays.get(name)!, options.levels);
  const labels = arrays.get(`${prefix}labels`);
  if (!labels) return { name, images, classes: Array(images.n).fill(undefined) };
  const [n] = labels.header.shape;
  if (n !== images.n) {
    throw new InvalidOwnImages(
      file,
      `${prefix}labels must have shape [${images.n}] or [${images.n}, 1], one label an image, found [${labels.header.shape}]`,
    );
  }
  return { name, images, classes: classNamesIn(labels.place, await labels.content(), options.column) };
}

/** Which of the images are there: splits, or those without prefix. */
function prefixesIn(file: string, arrays: Arrays): string[] {
  const present = prefixes.filter(prefix => arrays.has(`${prefix}images`) || arrays.has(`${prefix}labels`));
  if (present.length === 0 || (present.length > 1 && present.includes(''))) {
    throw new InvalidOwnImages(
      file,
      `holds ${quoted([...arrays.keys()], 20) || 'nothing'}; wanted are train_images, train_labels (and the same of val and test), or images and labels alone`,
    );
  }
  const alone = present.find(prefix => !arrays.has(`${prefix}images`));
  if (alone !== undefined) {
    throw new InvalidOwnImages(file, `${alone}images is missing beside ${alone}labels`);
  }
  const labelless = present.find(prefix => !arrays.has(`${prefix}labels`));
  if (labelless !== undefined && present.some(prefix => arrays.has(`${prefix}labels`))) {
    throw new InvalidOwnImages(file, `${labelless}labels is missing beside ${labelless}images`);
  }
  return present;
}

function nameOf(
  file: string,
  name: string | undefined,
  names: readonly string[] | undefined,
): string | undefined {
  if (names === undefined || name === undefined || !/^\d+$/.test(name)) return name;
  const given = names[Number(name)];
  if (given === undefined) {
    throw new InvalidOwnImages(
      file,
      `label ${name} has no name: there are ${names.length}, for labels 0 … ${names.length - 1}`,
    );
  }
  return given;
}
