// NumPy's .npz format: a ZIP archive of .npy arrays. Sizes are held against limits before anything is inflated.
import { crc32 } from 'node:zlib';
import type { NdArray } from '../numeric/array.ts';
import { decodeNpy } from '../numeric/npy.ts';
import { InvalidDataset } from './image-set.ts';
import { withZip, type ZipMember } from './zip.ts';

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
  if (member.bytes > limit)
    throw new Error(`${name} declares ${member.bytes} bytes, more than the ${limit} it can need`);
  try {
    return decodeNpy(await inflate(member));
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

async function inflate(member: ZipMember): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(member.bytes);
  let [length, checksum] = [0, 0];
  for await (const chunk of await member.open()) {
    bytes.set(chunk, length);
    checksum = crc32(chunk, checksum);
    length += chunk.length;
  }
  if (checksum !== member.crc32) throw new Error(`CRC-32 is ${checksum}, the archive says ${member.crc32}`);
  return bytes;
}
