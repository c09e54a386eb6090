// Digests of files and of whole artifacts.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Manifest } from './manifest.ts';

/** SHA-256 of bytes, or of a text in UTF-8. */
export function digestOf(contents: string | Uint8Array): string {
  return createHash('sha256').update(contents).digest('hex');
}

/** SHA-256 of a file's bytes, streamed. */
export async function fileDigest(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Size and digest of every file below a folder, by its path relative to the folder (with `/`), sorted. */
export async function folderFiles(folder: string): Promise<Manifest['files']> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
  const files: Manifest['files'] = {};
  for (const name of names) {
    const file = path.join(folder, name);
    files[name] = { bytes: (await stat(file)).size, sha256: await fileDigest(file) };
  }
  return files;
}

/** The digest of what lies in a folder; undefined where there is no such folder. */
export async function folderDigest(folder: string): Promise<string | undefined> {
  const files = await folderFiles(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  return files && artifactDigest(files);
}

/** The digest of an artifact: of its files' names and digests, in order. */
export function artifactDigest(files: Manifest['files']): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(files).sort()) hash.update(`${files[name].sha256}  ${name}\n`);
  return hash.digest('hex');
}
