// Reads PatchCamelyon: images and labels of three splits, each an HDF5 file in gzip (github.com/basveeling/pcam).
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ndarray } from '../../numeric/arrays/array.ts';
import { gunzip } from '../formats/gzip.ts';
import { type Hdf5Array, openHdf5 } from '../formats/hdf5.ts';
import { classCounts, type ImageClass, InvalidDataset, type OpenDataset } from '../image-set.ts';

/** What is known of the files before they are read. */
export interface PcamRules {
  readonly classes: readonly ImageClass[];
  /** Height and width in pixels. */
  readonly size: number;
  /** Images in each split. */
  readonly splits: Readonly<Record<PcamSplit, number>>;
  /** The share of images of class 1, and by how much it may be off. */
  readonly share?: { readonly of1: number; readonly within: number };
}

// The order of the authors' script; it decides which images the kNN score is tested on.
export const pcamSplits = ['train', 'test', 'valid'] as const;
export type PcamSplit = (typeof pcamSplits)[number];

/** Images (`x`) and labels (`y`) of a split: paths of two `.h5.gz` files. */
export type PcamFiles = Readonly<Record<PcamSplit, { readonly x: string; readonly y: string }>>;

/**
 * Images `[n, size, size, 3]` and labels of all splits together, in the order train, test, valid. Each split is unpacked
 * into `scratch` when it is read, and removed when that is done.
 * @throws InvalidDataset where a file is damaged or breaks one of the rules.
 */
export async function openPcam(files: PcamFiles, scratch: string, rules: PcamRules): Promise<OpenDataset> {
  const labels = new Int32Array(pcamSplits.reduce((sum, split) => sum + rules.splits[split], 0));
  const firsts = new Map<PcamSplit, number>();
  let first = 0;
  for (const split of pcamSplits) {
    firsts.set(split, first);
    labels.set(await readLabels(files[split].y, rules.splits[split], scratch, rules), first);
    first += rules.splits[split];
  }
  requireShare(files.train.y, labels, rules);
  return {
    labels: ndarray(labels, [labels.length]),
    classes: rules.classes,
    async *images(indices, signal) {
      for (const split of pcamSplits) {
        const start = firsts.get(split)!;
        const n = rules.splits[split];
        const here = indices.filter(index => index >= start && index < start + n).map(index => index - start);
        if (here.length === 0) continue;
        const file = files[split].x;
        const array = await unpack(file, 'x', [n, rules.size, rules.size, 3], scratch, signal);
        try {
          yield* array.blocks(here);
        } catch (error) {
          throw damaged(file, error);
        } finally {
          await array.remove();
        }
      }
    },
  };
}

async function readLabels(
  file: string,
  n: number,
  scratch: string,
  { classes }: PcamRules,
): Promise<Uint8Array> {
  const array = await unpack(file, 'y', [n, 1, 1, 1], scratch);
  try {
    const labels = new Uint8Array(n);
    let length = 0;
    for (const { data } of array.blocks(Int32Array.from(labels.keys()))) {
      labels.set(data, length);
      length += data.length;
    }
    const wrong = labels.find(label => label >= classes.length);
    if (wrong !== undefined) throw new Error(`y must be in 0 … ${classes.length - 1}, found ${wrong}`);
    return labels;
  } catch (error) {
    throw damaged(file, error);
  } finally {
    await array.remove();
  }
}

type Unpacked = Hdf5Array & { remove(): Promise<void> };

/** Unpacks a `.h5.gz` file into `scratch` and opens its array, which must have that shape. */
async function unpack(
  file: string,
  name: string,
  shape: readonly number[],
  scratch: string,
  signal?: AbortSignal,
): Promise<Unpacked> {
  const unpacked = path.join(scratch, path.basename(file, '.gz'));
  const remove = () => rm(unpacked, { force: true });
  try {
    await mkdir(scratch, { recursive: true });
    await pipeline(gunzip(file, mostBytes(shape)), createWriteStream(unpacked), { signal });
    const array = await openHdf5(unpacked, name);
    if (String(array.shape) !== String(shape)) {
      array.close();
      throw new Error(`${name} must have shape [${shape}], found [${array.shape}]`);
    }
    return {
      ...array,
      async remove() {
        array.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    signal?.throwIfAborted();
    throw damaged(file, error);
  }
}

/** More than an HDF5 file of that one array can rightly take: deflate adds little to what it cannot shrink. */
function mostBytes(shape: readonly number[]): number {
  const bytes = shape.reduce((product, length) => product * length, 1);
  return Math.ceil(bytes * 1.1) + (1 << 22);
}

function damaged(file: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof InvalidDataset || code === 'ENOSPC' || code === 'EDQUOT') return error;
  return new InvalidDataset(file, `damaged, or no HDF5 file in gzip: ${message}`, error, 'pcam16');
}

function requireShare(file: string, labels: Int32Array, { classes, share }: PcamRules): void {
  if (!share) return;
  const counts = classCounts({ labels: ndarray(labels, [labels.length]), classes });
  if (Math.abs(counts[1] / labels.length - share.of1) <= share.within) return;
  const rule = `${100 * share.of1} % of all images in class ${classes[1].name}, to within ${100 * share.within} %`;
  throw new InvalidDataset(file, `expected ${rule}, found [${counts}]`, undefined, 'pcam16');
}
