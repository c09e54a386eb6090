// Which of a data set's files are meant by `--from`: files, or folders that hold them.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { SourceFile } from '../../../../datasets/fetching/source-file.ts';
import { UsageError } from '../../usage-error.ts';

/**
 * Finds the files by their names (where there is only one, by any name). Those in `arrived` need not be among them.
 * @returns file name → path
 * @throws UsageError where something named is not there or not wanted, or something wanted is missing.
 */
export async function filesByHand(
  dataset: string,
  files: readonly SourceFile[],
  from: readonly string[],
  arrived: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const given of from) {
    const place = path.resolve(given);
    const kind = await stat(place).catch(() => undefined);
    if (!kind) throw new UsageError(`--from ${given}: there is no such file or folder`);
    const inPlace = kind.isDirectory() ? await inFolder(place, files) : byName(place, files);
    if (inPlace.size === 0) {
      throw new UsageError(`--from ${given}: none of ${dataset}'s files, which are ${list(files)}`);
    }
    for (const [name, file] of inPlace) found.set(name, file);
  }
  const missing = files.filter(({ name }) => !found.has(name) && !arrived.has(name));
  if (missing.length > 0) {
    throw new UsageError(
      `${dataset} consists of ${files.length} files, and ${missing.length} of them are missing: ${list(missing)}; name them, or the folder that holds them, with further --from`,
    );
  }
  return found;
}

/** The files that lie in the folder; or the folder itself, where it is one of them, unpacked. */
async function inFolder(folder: string, files: readonly SourceFile[]): Promise<Map<string, string>> {
  const names = new Set(await readdir(folder));
  const lying = files.filter(({ name }) => names.has(name));
  const unpacked = lying.length === 0 ? files.filter(({ packs }) => packs) : [];
  return new Map([
    ...lying.map(({ name }) => [name, path.join(folder, name)] as const),
    ...unpacked.map(({ name }) => [name, folder] as const),
  ]);
}

function byName(file: string, files: readonly SourceFile[]): Map<string, string> {
  const named = files.length === 1 ? files[0] : files.find(({ name }) => name === path.basename(file));
  return new Map(named ? [[named.name, file]] : []);
}

function list(files: readonly SourceFile[]): string {
  return files.map(({ name }) => name).join(', ');
}
