// ZIP archives, read from disk by their central directory, one member at a time and never more than was declared.
import { closeSync, openSync, read } from 'node:fs';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { type Entry, fromFdPromise, type ZipFile } from 'yauzl';

/** One member: its name, its size once inflated (as declared), and its inflated bytes. */
export interface ZipMember {
  readonly name: string;
  readonly bytes: number;
  readonly crc32: number;
  /** The stream fails where it would give more or fewer bytes than declared. */
  open(): Promise<Readable>;
  /** All of it at once, which is three times as fast; fails where it would give more bytes than declared. */
  read(): Promise<Uint8Array>;
}

/** An archive that is open. */
export interface ZipArchive {
  readonly members: ReadonlyMap<string, ZipMember>;
  close(): void;
}

/**
 * Opens an archive and lists its members; whoever opened it closes it.
 * @throws Error of yauzl where the archive is damaged.
 */
export async function openZip(path: string): Promise<ZipArchive> {
  const file = openSync(path, 'r');
  const zip = await fromFdPromise(file, { autoClose: false }).catch(error => {
    closeSync(file);
    throw error;
  });
  try {
    const members = new Map<string, ZipMember>();
    for await (const entry of zip.eachEntry()) members.set(entry.fileName, memberOf(zip, file, entry));
    return { members, close: () => zip.close() };
  } catch (error) {
    zip.close();
    throw error;
  }
}

/** Lists an archive's members and hands them to `use`; the archive is closed when that is done. */
export async function withZip<T>(
  path: string,
  use: (members: ReadonlyMap<string, ZipMember>) => Promise<T>,
): Promise<T> {
  const { members, close } = await openZip(path);
  try {
    return await use(members);
  } finally {
    close();
  }
}

/**
 * The inflated bytes of a member, which may be `limit` at most.
 * @throws Error where it declares more, before anything is inflated, or its bytes are not those that were packed.
 */
export async function inflate(member: ZipMember, limit: number): Promise<Uint8Array> {
  const { name, bytes: length } = member;
  if (length > limit) throw new Error(`${name} declares ${length} bytes, more than the ${limit} it can need`);
  const bytes = await member.read();
  if (bytes.length < length)
    throw new Error(`${name} holds ${bytes.length} bytes, fewer than the ${length} it declares`);
  const checksum = crc32(bytes);
  if (checksum !== member.crc32) {
    throw new Error(`${name}: CRC-32 is ${checksum}, the archive says ${member.crc32}`);
  }
  return bytes;
}

function memberOf(zip: ZipFile, file: number, entry: Entry): ZipMember {
  const { fileName: name, uncompressedSize: bytes, crc32 } = entry;
  return {
    ...{ name, bytes, crc32 },
    open: () => zip.openReadStreamPromise(entry),
    read: () => readWhole(zip, file, entry),
  };
}

const stored = 0;
const deflated = 8;

/** @param file the archive's descriptor, which the archive closes */
async function readWhole(zip: ZipFile, file: number, entry: Entry): Promise<Uint8Array> {
  const { fileName, compressedSize, uncompressedSize, compressionMethod } = entry;
  if (entry.isEncrypted() || ![stored, deflated].includes(compressionMethod)) {
    throw new Error(`${fileName} is encrypted, or packed in a way that is not known here`);
  }
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  if (fileDataStart + compressedSize > zip.fileSize) throw new Error(`${fileName} is cut off`);
  const packed = Buffer.allocUnsafe(compressedSize);
  await promisify(read)(file, packed, 0, compressedSize, fileDataStart);
  if (compressionMethod === stored) return packed;
  const options = { maxOutputLength: Math.max(1, uncompressedSize), chunkSize: 1 << 20 };
  return promisify(inflateRaw)(packed, options).catch(error => {
    if (error.code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw new Error(`${fileName} holds more than the ${uncompressedSize} bytes it declares`);
  });
}
