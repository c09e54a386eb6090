// Reads a MedMNIST file: an .npz of images and labels in three splits (github.com/MedMNIST/MedMNIST, medmnist/dataset.py).
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { type ReadArray, withNpz } from '../formats/npz.ts';
import { classCounts, type ImageClass, type ImageSet, InvalidDataset } from '../image-set.ts';

/** What is known of a file before it is read. What is left out is taken as found. */
export interface MedMnistRules {
  readonly classes: readonly ImageClass[];
  readonly size: number;
  /** 1: grey, stored without a channel axis; 3: RGB. */
  readonly channels: 1 | 3;
  /** Images in each split. */
  readonly splits: Readonly<Record<Split, number>>;
  /** Columns of the label array, and how many values a label can take there. */
  readonly labelColumns?: number;
  readonly labelValues?: number;
  /** The class of an image from its row of labels; by default the first column as it is. */
  readonly classOf?: (labels: ArrayLike<number>) => number;
  /** Images of each class, where they are known for certain. */
  readonly classCounts?: readonly number[];
}

type Split = (typeof splits)[number];

// The authors' order (scripts/mnist.py); it decides which images the kNN score is tested on.
const splits = ['train', 'test', 'val'] as const;

/**
 * Images `[n, size, size, 3]` (grey levels thrice) and labels `[n]` of all splits together, in the order train, test, val.
 * @throws InvalidDataset where the file breaks one of the rules.
 */
export async function readMedMnist(path: string, rules: MedMnistRules): Promise<ImageSet> {
  const total = splits.reduce((sum, split) => sum + rules.splits[split], 0);
  const set = {
    images: ndarray(new Uint8Array(total * rules.size ** 2 * 3), [total, rules.size, rules.size, 3]),
    labels: ndarray(new Int32Array(total), [total]),
    classes: rules.classes,
  };
  await withNpz(path, async read => {
    let first = 0;
    for (const split of splits) {
      set.labels.data.set(await readLabels(path, read, split, rules), first);
      await readImages(path, read, split, rules, set.images.data.subarray(first * rules.size ** 2 * 3));
      first += rules.splits[split];
    }
  });
  requireCounts(path, set, rules);
  return set;
}

const largestHeader = 1 << 16; // bytes of a .npy header, with much room

async function readLabels(
  path: string,
  read: ReadArray,
  split: Split,
  rules: MedMnistRules,
): Promise<Int32Array> {
  const { labelColumns: columns = 1, labelValues: values = rules.classes.length } = rules;
  const name = `${split}_labels`;
  const n = rules.splits[split];
  const labels = await read(name, n * columns * 8 + largestHeader);
  requireShape(path, name, labels, columns === 1 ? [[n, 1], [n]] : [[n, columns]]);
  if (labels.data instanceof Float32Array || labels.data instanceof Float64Array) {
    throw new InvalidDataset(path, `${name} must be whole numbers, found floating point`);
  }
  const wrong = labels.data.find(label => label < 0 || label >= values);
  if (wrong !== undefined) {
    throw new InvalidDataset(path, `${name} must be in 0 … ${values - 1}, found ${wrong}`);
  }
  const { classOf = row => row[0] } = rules;
  return Int32Array.from({ length: n }, (_, i) =>
    classOf(labels.data.subarray(i * columns, (i + 1) * columns)),
  );
}

async function readImages(
  path: string,
  read: ReadArray,
  split: Split,
  rules: MedMnistRules,
  target: Uint8Array,
): Promise<void> {
  const { size, channels } = rules;
  const name = `${split}_images`;
  const n = rules.splits[split];
  const images = await read(name, n * size * size * channels + largestHeader);
  requireShape(path, name, images, [channels === 3 ? [n, size, size, 3] : [n, size, size]]);
  if (!(images.data instanceof Uint8Array)) {
    throw new InvalidDataset(path, `${name} must be uint8, found ${images.data.constructor.name}`);
  }
  if (channels === 3) target.set(images.data);
  else copyGrey(images.data, target);
}

/** Each grey level thrice. */
function copyGrey(levels: Uint8Array, target: Uint8Array): void {
  for (let i = 0; i < levels.length; i++) {
    target[3 * i] = target[3 * i + 1] = target[3 * i + 2] = levels[i];
  }
}

function requireShape(path: string, name: string, array: NdArray, allowed: readonly number[][]): void {
  if (!allowed.some(shape => String(shape) === String(array.shape))) {
    const expected = allowed.map(shape => `[${shape}]`).join(' or ');
    throw new InvalidDataset(path, `${name} must have shape ${expected}, found [${array.shape}]`);
  }
}

function requireCounts(path: string, set: ImageSet, { classCounts: expected }: MedMnistRules): void {
  const found = classCounts(set);
  if (expected && String(found) !== String(expected)) {
    throw new InvalidDataset(path, `expected [${expected}] images of the classes, found [${found}]`);
  }
}
