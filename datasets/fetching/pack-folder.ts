// Packs a downloaded folder into one ZIP archive, the form that is stored and read.
import { createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/**
 * Packs the files below `folder` whose names match, uncompressed and sorted, into an archive at the path `target`: the same
 * files always give the same bytes. Links are not followed.
 * @throws Error where no file matches.
 */
export async function packFolder(folder: string, target: string, names: RegExp): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter(entry => entry.isFile() && names.test(entry.name) && !entry.name.startsWith('.'))
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0)
    throw new Error(`the folder holds none of its files, whose names match ${names.source}`);
  const archive = new ZipFile();
  const written = pipeline(archive.outputStream, createWriteStream(target));
  const failed = new Promise<never>((_, reject) => archive.on('error', reject)); // a file that cannot be read
  for (const file of files) {
    const name = path.relative(folder, file).split(path.sep).join('/');
    archive.addFile(file, name, { mtime: new Date(1980, 0, 1), mode: 0o100644, compress: false });
  }
  archive.end();
  await Promise.race([written, failed]);
}
