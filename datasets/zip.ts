// ZIP archives, read from disk by their central directory, one member at a time and never more than was declared.
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

/** One member: its name, its size once inflated (as declared), and its inflated bytes. */
export interface ZipMember {
  readonly name: string;
  readonly bytes: number;
  readonly crc32: number;
  /** The stream fails where it would give more or fewer bytes than declared. */
  open(): Promise<Readable>;
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
  const zip = await openPromise(path, { autoClose: false });
  try {
    const members = new Map<string, ZipMember>();
    for await (const entry of zip.eachEntry()) members.set(entry.fileName, memberOf(zip, entry));
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
  const bytes = Buffer.allocUnsafe(length);
  let [done, checksum] = [0, 0];
  for await (const chunk of await member.open()) {
    bytes.set(chunk, done);
    checksum = crc32(chunk, checksum);
    done += chunk.length;
  }
  if (checksum !== member.crc32) {
    throw new Error(`${name}: CRC-32 is ${checksum}, the archive says ${member.crc32}`);
  }
  return bytes;
}

function memberOf(zip: ZipFile, entry: Entry): ZipMember {
  const { fileName: name, uncompressedSize: bytes, crc32 } = entry;
  return { name, bytes, crc32, open: () => zip.openReadStreamPromise(entry) };
}
