// Arrays in files as people have them, by what a file is: .npy, or .npz with one array or several, of which one is named.
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { NdArray } from '../../../numeric/arrays/array.ts';
import {
  decodeNpy,
  decodeNpyHeader,
  decodeNpyWords,
  InvalidNpy,
  type NpyHeader,
} from '../../../numeric/arrays/npy.ts';
import { longestHeader, readNpy } from '../../../numeric/arrays/npy-file.ts';
import { inflate, openZip, type ZipMember } from '../../formats/zip.ts';
import { InvalidOwnImages, quoted } from '../own-images.ts';

/** An array whose header is read, its elements not yet. */
export interface StoredArray {
  /** For messages: file and name. */
  readonly place: string;
  readonly header: NpyHeader;
  /** The elements' bytes in pieces, as they lie there; fails at the end where they are not those that an archive promises. */
  stream(signal?: AbortSignal): AsyncGenerator<Uint8Array>;
  /** All of it. */
  content(): Promise<ArrayContent>;
}

/** Numbers, or words. */
export type ArrayContent = NdArray | { words: readonly string[]; shape: readonly number[] };

/** A file's arrays by their names (that of a .npy file is empty), until it is closed. */
interface OpenArrays {
  readonly arrays: ReadonlyMap<string, StoredArray>;
  close(): void;
}

/**
 * Opens a file for `use`, which finds its arrays by their names (that of a .npy file is empty).
 * @throws InvalidOwnImages where it is neither kind of file, damaged, or promises far more than can be packed into it
 */
export async function withArrays<T>(
  file: string,
  use: (arrays: OpenArrays['arrays']) => Promise<T>,
): Promise<T> {
  try {
    const { arrays, close } = await openArrays(file);
    try {
      return await use(arrays);
    } finally {
      close();
    }
  } catch (error) {
    throw explained(file, error);
  }
}

/** What `read` gives of a file's arrays; they are open as long as it comes. Throws as `withArrays`, and the reason of `signal`. */
export async function* streamArrays<T>(
  file: string,
  read: (arrays: OpenArrays['arrays']) => AsyncGenerator<T>,
  signal?: AbortSignal,
): AsyncGenerator<T> {
  try {
    const { arrays, close } = await openArrays(file);
    try {
      yield* read(arrays);
    } finally {
      close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw explained(file, error);
  }
}

async function openArrays(file: string): Promise<OpenArrays> {
  const { size } = await stat(file);
  if ((await kindOf(file)) === 'npy') {
    return { arrays: new Map([['', await plainArray(file, size)]]), close: () => {} };
  }
  const { members, close } = await openZip(file);
  try {
    const arrays = new Map<string, StoredArray>();
    for (const [name, member] of members) {
      if (!name.endsWith('.npy')) continue;
      requireHonestSize(file, member, size);
      arrays.set(name.slice(0, -4), await packedArray(file, member));
    }
    return { arrays, close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Reads a whole array: `FILE.npy`, `FILE.npz` that holds one, or `FILE.npz:NAME`.
 * @throws InvalidOwnImages, InvalidNpy
 */
export async function readArrayFile(place: string): Promise<ArrayContent> {
  const { file, name } = arrayAt(place);
  return withArrays(file, arrays => chosenArray(file, arrays, name).content());
}

/** The file and the name in `FILE.npz:NAME`. */
export function arrayAt(place: string): { file: string; name?: string } {
  const [, file = place, name] = /^(.*\.npz):([^/\\:]+)$/i.exec(place) ?? [];
  return { file, name };
}

/** Whether the elements are words. */
export function isWords({ descr }: NpyHeader): boolean {
  return /^[<>|][US]/.test(descr);
}

/** The array of that name, or the only one. */
export function chosenArray(
  file: string,
  arrays: OpenArrays['arrays'],
  name: string | undefined,
): StoredArray {
  const names = [...arrays.keys()];
  const chosen = name === undefined ? (names.length === 1 ? names[0] : undefined) : name;
  const found = chosen === undefined ? undefined : arrays.get(chosen);
  if (found) return found;
  const held = names.length === 0 ? 'no array' : quoted(names, 20);
  throw new InvalidOwnImages(
    file,
    name === undefined
      ? `holds ${held}; say which one is meant, as ${file}:${names[0] ?? 'NAME'}`
      : `holds no "${name}", but ${held}`,
  );
}

/** By the first bytes; what is neither is told as what it seems to be. */
async function kindOf(file: string): Promise<'npy' | 'npz'> {
  const descriptor = await open(file);
  try {
    const { buffer, bytesRead } = await descriptor.read(Buffer.alloc(16), 0, 16, 0);
    const start = buffer.subarray(0, bytesRead).toString('latin1');
    if (start.startsWith('\x93NUMPY')) return 'npy';
    if (start.startsWith('PK')) return 'npz';
    throw new InvalidOwnImages(
      file,
      `is neither .npy nor .npz${seemingKind(start)}; numpy.save writes the one, numpy.savez the other`,
    );
  } finally {
    await descriptor.close();
  }
}

function seemingKind(start: string): string {
  if (start === '') return ': it is empty';
  if (/^\s*<(!doctype|html)/i.test(start)) return ', but a web page: the download failed';
  if (start.startsWith('\x1f\x8b')) return ', but packed with gzip: unpack it first';
  if (start.startsWith('\x89HDF')) return ', but HDF5';
  if (start.startsWith('MATLAB')) return ', but of MATLAB';
  return '';
}

async function plainArray(file: string, size: number): Promise<StoredArray> {
  const descriptor = await open(file);
  try {
    const { buffer, bytesRead } = await descriptor.read(Buffer.alloc(Math.min(size, longestHeader)), 0);
    const header = decodeNpyHeader(buffer.subarray(0, bytesRead), size);
    return {
      ...{ place: file, header },
      stream: signal =>
        pieces(createReadStream(file, { start: header.offset, highWaterMark: 1 << 20 }), signal),
      content: async () => (isWords(header) ? decodeNpyWords(await readFile(file)) : readNpy(file)),
    };
  } finally {
    await descriptor.close();
  }
}

async function packedArray(file: string, member: ZipMember): Promise<StoredArray> {
  const place = `${file}: ${member.name.slice(0, -4)}`;
  const header = decodeNpyHeader(await beginning(member), member.bytes);
  return {
    ...{ place, header },
    stream: signal => unpacked(member, header.offset, signal),
    content: async () => {
      const bytes = await inflate(member, member.bytes);
      return isWords(header) ? decodeNpyWords(bytes) : decodeNpy(bytes);
    },
  };
}

async function* pieces(stream: AsyncIterable<Uint8Array>, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const piece of stream) {
    signal?.throwIfAborted();
    yield piece;
  }
}

async function* unpacked(
  member: ZipMember,
  offset: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let [toSkip, checksum] = [offset, 0];
  for await (const piece of pieces(await member.open(), signal)) {
    checksum = crc32(piece, checksum);
    const start = Math.min(toSkip, piece.length);
    toSkip -= start;
    if (start < piece.length) yield piece.subarray(start);
  }
  if (checksum !== member.crc32) {
    throw new Error(`${member.name}: CRC-32 is ${checksum}, the archive says ${member.crc32}`);
  }
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

const mostCompression = 100; // images come to a half or a tenth; even masks hardly to a hundredth
const alwaysAllowed = 1 << 26; // bytes

/** Nothing is inflated of an archive that promises far more than images can be packed into it ("zip bomb"). */
function requireHonestSize(file: string, { name, bytes }: ZipMember, archiveBytes: number): void {
  const most = Math.max(alwaysAllowed, mostCompression * archiveBytes);
  if (bytes > most) {
    throw new InvalidOwnImages(
      file,
      `${name} declares ${bytes} bytes, more than ${mostCompression} times the ${archiveBytes} of the whole archive; save it uncompressed (numpy.savez) if that is true`,
    );
  }
}

/** What is wrong with an archive becomes one message, what is wrong with the disk stays as it is. */
function explained(file: string, error: unknown): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (error instanceof InvalidOwnImages || /^(ENOSPC|EDQUOT|EIO)$/.test(code)) return error;
  if (error instanceof InvalidNpy || error instanceof RangeError) {
    if (!message.startsWith(file)) error.message = `${file}: ${message}`;
    return error;
  }
  if (/^E[A-Z]+$/.test(code)) return new InvalidOwnImages(file, `cannot be read (${code})`, error);
  return new InvalidOwnImages(file, `damaged, or no .npz archive: ${message}`, error);
}
