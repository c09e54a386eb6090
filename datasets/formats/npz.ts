// NumPy's .npz format: a ZIP archive of .npy arrays. Sizes are held against limits before anything is inflated.
import type { NdArray } from '../../numeric/arrays/array.ts';
import { decodeNpy } from '../../numeric/arrays/npy.ts';
import { InvalidDataset } from '../image-set.ts';
import { inflate, withZip, type ZipMember } from './zip.ts';

/** Gives the array called `name` (without `.npy`), which may take `limit` bytes at most. */
export type ReadArray = (name: string, limit: number) => Promise<NdArray>;

/**
 * Opens an .npz file and hands `use` a function that reads its arrays, one at a time.
 * @throws InvalidDataset where the archive is damaged or truncated, an array is missing, larger than its limit, or no .npy array.
 */
export async function withNpz<T>(path: string, use: (read: ReadArray) => Promise<T>): Promise<T> {
  try {
    return await withZip(path, members => use((name, limit) => readArray(members, `${name}.npy`, limit)));
  } catch (error) {
    if (error instanceof InvalidDataset) throw error;
    throw new InvalidDataset(path, `damaged, or no .npz archive: ${(error as Error).message}`, error);
  }
}

async function readArray(
  members: ReadonlyMap<string, ZipMember>,
  name: string,
  limit: number,
): Promise<NdArray> {
  const member = members.get(name);
  if (!member)
    throw new Error(`${name} is missing, the archive holds ${[...members.keys()].join(', ') || 'nothing'}`);
  const bytes = await inflate(member, limit);
  try {
    return decodeNpy(bytes);
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}
