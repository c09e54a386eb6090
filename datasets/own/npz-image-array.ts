// An array of images in an archive, read block by block: it need not fit into memory.
import { crc32 } from 'node:zlib';
import { type NdArray, ndarray } from '../../numeric/array.ts';
import { decodeNpyHeader } from '../../numeric/npy.ts';
import type { ZipMember } from '../zip.ts';
import { InvalidOwnImages } from './own-images.ts';

interface ImageHeader {
  n: number;
  height: number;
  width: number;
  /** As stored: 1 grey, 3 RGB. */
  channels: number;
  /** Where the levels begin, in bytes. */
  offset: number;
}

/** Bytes of a .npy header, with much room. */
export const longestHeader = 1 << 16; // NumPy's own are 128
const blockBytes = 1 << 24; // some thousand small images

/**
 * What the array in a member is, its levels unread.
 * @throws InvalidOwnImages where it is no array of images.
 */
export async function imageHeader(file: string, member: ZipMember): Promise<ImageHeader> {
  const name = member.name.replace(/\.npy$/, '');
  const { descr, fortranOrder, shape, offset } = decodeNpyHeader(await beginning(member), member.bytes);
  if (descr !== '|u1') {
    throw new InvalidOwnImages(
      file,
      `${name} must be uint8 (levels 0 … 255), found dtype ${descr}; scale and round it, then .astype('uint8')`,
    );
  }
  const [n, height, width, channels = 1] = shape;
  if (shape.length < 3 || shape.length > 4 || (channels !== 1 && channels !== 3) || shape.includes(0)) {
    throw new InvalidOwnImages(
      file,
      `${name} must have shape [n, height, width] or [n, height, width, 3] (channels last), found [${shape}]`,
    );
  }
  if (fortranOrder) {
    throw new InvalidOwnImages(file, `${name} lies in Fortran order; save numpy.ascontiguousarray of it`);
  }
  return { n, height, width, channels, offset };
}

/**
 * Reads the images of a member, grey levels thrice: blocks `[b, height, width, 3]`.
 * @throws Error where its bytes are not those that the archive promises.
 */
export async function readImages(
  file: string,
  member: ZipMember,
  take: (block: NdArray<Uint8Array>) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const { n, height, width, channels, offset } = await imageHeader(file, member);
  const image = height * width * channels;
  const block = new Uint8Array(Math.min(n, Math.max(1, Math.floor(blockBytes / image))) * image);
  const handOn = (filled: number) =>
    take(ndarray(rgb(block.subarray(0, filled), channels), [filled / image, height, width, 3]));
  let [toSkip, filled, checksum] = [offset, 0, 0];
  for await (const chunk of await member.open()) {
    signal?.throwIfAborted();
    checksum = crc32(chunk, checksum);
    let start = Math.min(toSkip, chunk.length);
    toSkip -= start;
    while (start < chunk.length) {
      const part = chunk.subarray(start, start + block.length - filled);
      block.set(part, filled);
      start += part.length;
      filled += part.length;
      if (filled < block.length) continue;
      await handOn(filled);
      filled = 0;
    }
  }
  if (checksum !== member.crc32) {
    throw new Error(`${member.name}: CRC-32 is ${checksum}, the archive says ${member.crc32}`);
  }
  if (filled > 0) await handOn(filled);
}

async function beginning(member: ZipMember): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of await member.open()) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= longestHeader) break;
  }
  return Buffer.concat(chunks);
}

function rgb(levels: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return levels;
  const thrice = new Uint8Array(levels.length * 3);
  for (let i = 0; i < levels.length; i++) thrice[3 * i] = thrice[3 * i + 1] = thrice[3 * i + 2] = levels[i];
  return thrice;
}
