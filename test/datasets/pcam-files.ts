// Small files in PCam's form: six HDF5 files in gzip, as chunked or as contiguous arrays.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PcamFiles, PcamRules } from '../../datasets/pcam/pcam.ts';
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { Random } from '../../numeric/random.ts';
import { hdf5Gz, type Storage } from './hdf5-file.ts';

export const pcamRules: PcamRules = {
  classes: ['no', 'yes'].map(name => ({ name, short: name, colour: '#000000' })),
  size: 96,
  splits: { train: 30, valid: 8, test: 6 },
  share: { of1: 0.5, within: 0.01 },
};

const splits = ['train', 'valid', 'test'] as const;

/** Images of each split: those of class 1 are reddish, those of class 0 greenish; labels alternate. */
export function pcamArrays({ splits: counts, size }: PcamRules = pcamRules) {
  const random = new Random(5);
  const of = (n: number) => {
    const labels = Uint8Array.from({ length: n }, (_, i) => i % 2);
    const levels = Uint8Array.from(
      { length: n * size * size * 3 },
      (_, i) => (i % 3 === 1 - labels[Math.floor(i / (size * size * 3))] ? 150 : 50) + random.integer(50),
    );
    return { x: ndarray(levels, [n, size, size, 3]), y: ndarray(labels, [n, 1, 1, 1]) };
  };
  return { train: of(counts.train), valid: of(counts.valid), test: of(counts.test) };
}

/** Writes the six files into a folder; some of them with other bytes. */
export async function pcamFiles(
  folder: string,
  arrays: Record<(typeof splits)[number], { x: NdArray; y: NdArray }> = pcamArrays(),
  { storage = {}, other = {} }: { storage?: Storage; other?: Record<string, Uint8Array> } = {},
): Promise<PcamFiles> {
  mkdirSync(folder, { recursive: true });
  const written = splits.map(async split => {
    const paths = { x: '', y: '' };
    for (const name of ['x', 'y'] as const) {
      paths[name] = path.join(folder, `${split}_${name}.h5.gz`);
      const bytes =
        other[`${split}_${name}`] ??
        (await hdf5Gz(name, arrays[split][name], name === 'x' ? storage : undefined));
      writeFileSync(paths[name], bytes);
    }
    return [split, paths];
  });
  return Object.fromEntries(await Promise.all(written));
}
