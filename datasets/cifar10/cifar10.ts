// Reads CIFAR-10, binary version: a tar archive in gzip, of five training batches and a test batch (cs.toronto.edu/~kriz/cifar.html).
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { ndarray } from '../../numeric/arrays/array.ts';
import { gunzip } from '../formats/gzip.ts';
import { classCounts, type ImageClass, type ImageSet, InvalidDataset } from '../image-set.ts';

/** What is known of the file before it is read. */
export interface CifarRules {
  readonly classes: readonly ImageClass[];
  /** Images in each batch. */
  readonly batchSize: number;
  /** Images of each class. */
  readonly classCounts?: readonly number[];
}

/** In the order in which they are joined: training, then test. */
const batches = [...[1, 2, 3, 4, 5].map(i => `data_batch_${i}.bin`), 'test_batch.bin'];

const size = 32; // pixels
const plane = size * size;
const record = 1 + 3 * plane; // bytes: the label, then red, green and blue, each row by row

/**
 * Images `[6 · batchSize, 32, 32, 3]` and labels, training before test. Nothing is unpacked to disk: the names in the
 * archive are compared, never followed.
 * @throws InvalidDataset where the archive is damaged or breaks one of the rules.
 */
export async function readCifar10(file: string, rules: CifarRules): Promise<ImageSet> {
  const total = batches.length * rules.batchSize;
  const set = {
    images: ndarray(new Uint8Array(total * 3 * plane), [total, size, size, 3]),
    labels: ndarray(new Int32Array(total), [total]),
    classes: rules.classes,
  };
  try {
    const records = await readBatches(file, rules.batchSize * record);
    batches.forEach((name, i) => {
      const batch = records.get(name);
      if (!batch) throw new Error(`${name} is missing, the archive holds ${[...records.keys()].join(', ')}`);
      takeBatch(name, batch, i * rules.batchSize, set);
    });
  } catch (error) {
    throw new InvalidDataset(file, `damaged, or no CIFAR-10: ${(error as Error).message}`, error, 'cifar10');
  }
  const found = classCounts(set);
  if (rules.classCounts && String(found) !== String(rules.classCounts)) {
    const counts = `expected [${rules.classCounts}] images of the classes, found [${found}]`;
    throw new InvalidDataset(file, counts, undefined, 'cifar10');
  }
  return set;
}

const otherMembers = 1 << 20; // bytes, with much room, for the class names, the page about the set, and tar's own headers

/** The batches in the archive, by name; each must have that many bytes. */
async function readBatches(file: string, bytes: number): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const archive = extract();
  const reading = pipeline(gunzip(file, batches.length * bytes + otherMembers), archive);
  const members = (async () => {
    for await (const member of archive) {
      const name = path.posix.basename(member.header.name);
      if (!batches.includes(name)) {
        member.resume();
        continue;
      }
      requireBatch(name, member.header, bytes);
      const batch = new Uint8Array(bytes);
      let length = 0;
      for await (const chunk of member as AsyncIterable<Uint8Array>) {
        batch.set(chunk, length);
        length += chunk.length;
      }
      found.set(name, batch);
    }
  })();
  await Promise.all([reading, members]);
  return found;
}

function requireBatch(name: string, { type, size: found }: Header, bytes: number): void {
  if (type !== 'file') throw new Error(`${name} must be a file, found a ${type}`);
  if (found !== bytes) throw new Error(`${name} must have ${bytes} bytes, found ${found}`);
}

/** Copies the records of a batch to the set, from the image `first` on. */
function takeBatch(
  name: string,
  batch: Uint8Array,
  first: number,
  { images, labels, classes }: ImageSet,
): void {
  for (let i = 0; i < batch.length / record; i++) {
    const label = batch[i * record];
    if (label >= classes.length) {
      throw new Error(`${name}: labels must be in 0 … ${classes.length - 1}, found ${label}`);
    }
    labels.data[first + i] = label;
    const levels = batch.subarray(i * record + 1, (i + 1) * record);
    const to = (first + i) * 3 * plane;
    for (let pixel = 0; pixel < plane; pixel++) {
      for (let channel = 0; channel < 3; channel++) {
        images.data[to + 3 * pixel + channel] = levels[channel * plane + pixel];
      }
    }
  }
}
