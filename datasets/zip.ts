// ZIP archives, read from disk by their central directory, one member at a time and never more than was declared.
import type { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

/** One member: its name, its size once inflated (as declared), and its inflated bytes. */
export interface ZipMember {
  readonly name: string;
  readonly bytes: number;
  readonly crc32: number;
  /** The stream fails where it would give more or fewer bytes than declared. */
  open(): Promise<Readable>;
}

/**
 * Lists an archive's members and hands them to `use`; the archive is closed when that is done.
 * @throws Error of yauzl where the archive is damaged.
 */
export async function withZip<T>(
  path: string,
  use: (members: ReadonlyMap<string, ZipMember>) => Promise<T>,
): Promise<T> {
  const zip = await openPromise(path, { autoClose: false });
  try {
    const members = new Map<string, ZipMember>();
    for await (const entry of zip.eachEntry()) members.set(entry.fileName, memberOf(zip, entry));
    return await use(members);
  } finally {
    zip.close();
  }
}

function memberOf(zip: ZipFile, entry: Entry): ZipMember {
  const { fileName: name, uncompressedSize: bytes, crc32 } = entry;
  return { name, bytes, crc32, open: () => zip.openReadStreamPromise(entry) };
}
