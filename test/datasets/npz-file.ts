// Small files in MedMNIST's form, written as NumPy writes them.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import type { MedMnistRules } from '../../datasets/medmnist/medmnist.ts';
import { type NdArray, ndarray, sizeOf } from '../../numeric/arrays/array.ts';
import { encodeNpy } from '../../numeric/arrays/npy.ts';
import { Random } from '../../numeric/random.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const rules: MedMnistRules = {
  classes: ['a', 'b', 'c'].map(name => ({ name, short: name, colour: '#000000' })),
  size: 28,
  channels: 3,
  splits: { train: 5, val: 2, test: 3 },
};

/** The six arrays of a file that obeys the rules, with random levels and labels 0, 1, 2, 0, … in each split. */
export function arrays({ splits, size, channels, labelColumns = 1 }: MedMnistRules): Record<string, NdArray> {
  const random = new Random(1);
  const named = Object.entries(splits).flatMap(([split, n]): [string, NdArray][] => {
    const shape = channels === 3 ? [n, size, size, 3] : [n, size, size];
    const levels = Uint8Array.from({ length: sizeOf(shape) }, () => random.integer(256));
    const labels = Uint8Array.from({ length: n * labelColumns }, (_, i) => i % (labelColumns === 1 ? 3 : 2));
    return [
      [`${split}_images`, ndarray(levels, shape)],
      [`${split}_labels`, ndarray(labels, [n, labelColumns])],
    ];
  });
  return Object.fromEntries(named);
}

/** The bytes of an .npz archive of these arrays. */
export function npz(named: Record<string, NdArray>): Uint8Array {
  return zipSync(
    Object.fromEntries(Object.entries(named).map(([name, array]) => [`${name}.npy`, encodeNpy(array)])),
  );
}

/** A file `data.npz` of these bytes that lasts as long as the test. */
export function fileOf(bytes: Uint8Array): string {
  const file = path.join(temporaryFolder(), 'data.npz');
  writeFileSync(file, bytes);
  return file;
}
