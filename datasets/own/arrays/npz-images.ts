// Images of one's own in an .npz file: MedMNIST's train, test and val parts, or plain `images`, with `labels` or without.
import type { LevelRange } from '../levels.ts';
import { type Column, InvalidOwnImages, labelled, type OwnImages, quoted } from '../own-images.ts';
import { isWords, type StoredArray, streamArrays, withArrays } from './array-file.ts';
import { type ImageArray, imageBlocks, lookAtImages, understoodOf, withOneRange } from './image-array.ts';
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
    for (const pair of pairsIn(file, arrays)) parts.push(await lookAtPart(file, arrays, pair, options));
    const images = withOneRange(parts.map(part => part.images));
    return parts.map((part, i) => ({ ...part, images: images[i] }));
  });
  const names = found.flatMap(({ classes }) => classes.map(name => nameOf(file, name, options.names)));
  return {
    ...labelled(names),
    files: found.flatMap(({ name, images }) =>
      Array.from({ length: images.n }, (_, i) => `${name || 'image'}/${i}`),
    ),
    columns: found.length > 1 ? [partColumn(found)] : [],
    leftOut: [],
    range: found.find(({ images }) => images.range)?.images.range,
    understood: [
      ...new Set(found.flatMap(({ understood, images }) => [...understood, ...understoodOf(images)])),
    ],
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
  understood: readonly string[];
}

/** Names of arrays that belong together. */
interface Pair {
  readonly images: string;
  readonly labels?: string;
  /** They were recognised by their shapes; in words. */
  readonly understood?: string;
}

type Arrays = ReadonlyMap<string, StoredArray>;

async function lookAtPart(file: string, arrays: Arrays, pair: Pair, options: NpzOptions): Promise<Part> {
  const name = pair.images;
  const images = await lookAtImages(arrays.get(name)!, options.levels);
  const understood = pair.understood ? [pair.understood] : [];
  const labels = pair.labels === undefined ? undefined : arrays.get(pair.labels);
  if (!labels) return { name, images, understood, classes: Array(images.n).fill(undefined) };
  const { shape } = labels.header;
  if (shape[0] !== images.n) {
    throw new InvalidOwnImages(
      file,
      `${pair.labels} must have shape [${images.n}] or [${images.n}, 1], one label an image, found [${shape}]`,
    );
  }
  const classes = classNamesIn(labels.place, await labels.content(), options.column);
  return { name, images, understood, classes };
}

/** Which of the images are there: splits, those without prefix, or the only array that can be images. */
function pairsIn(file: string, arrays: Arrays): Pair[] {
  const present = prefixes.filter(prefix => arrays.has(`${prefix}images`) || arrays.has(`${prefix}labels`));
  if (present.length === 0) return [pairByShapes(file, arrays)];
  if (present.length > 1 && present.includes('')) throw wanted(file, arrays);
  const has = (prefix: string, what: string) => arrays.has(`${prefix}${what}`);
  const alone = present.find(prefix => !has(prefix, 'images'));
  if (alone !== undefined)
    throw new InvalidOwnImages(file, `${alone}images is missing beside ${alone}labels`);
  const labelless = present.find(prefix => !has(prefix, 'labels'));
  if (labelless !== undefined && present.some(prefix => has(prefix, 'labels'))) {
    throw new InvalidOwnImages(file, `${labelless}labels is missing beside ${labelless}images`);
  }
  return present.map(prefix => ({
    images: `${prefix}images`,
    ...(labelless === undefined && { labels: `${prefix}labels` }),
  }));
}

/** Images and labels by whatever names, where there is one reading only. */
function pairByShapes(file: string, arrays: Arrays): Pair {
  const shapes = [...arrays].map(([name, { header }]) => ({ name, header, rank: header.shape.length }));
  const [images, ...more] = shapes.filter(({ header, rank }) => rank >= 3 && !isWords(header));
  if (!images || more.length > 0) throw wanted(file, arrays);
  const labels = shapes.filter(
    ({ header, rank }) => rank >= 1 && rank <= 2 && header.shape[0] === images.header.shape[0],
  );
  if (labels.length > 1) throw wanted(file, arrays);
  const [label] = labels;
  const words = label ? `${images.name} and ${label.name}, by their shapes, as images and labels` : undefined;
  return { images: images.name, labels: label?.name, understood: words };
}

function wanted(file: string, arrays: Arrays): InvalidOwnImages {
  return new InvalidOwnImages(
    file,
    `holds ${quoted([...arrays.keys()], 20) || 'nothing'}; wanted are train_images, train_labels (and the same of val and test), or images and labels alone`,
  );
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
