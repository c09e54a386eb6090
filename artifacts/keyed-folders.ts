// Folders that are named by keys, as the store lays them out: `ab/ab12…`.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing } from './durable.ts';

/** Where the folder of a key lies below `folder`. */
export function keyedFolder(folder: string, key: string): string {
  return path.join(folder, key.slice(0, 2), key);
}

/** All that lie below `folder`; whatever else is there (`.DS_Store`, somebody's notes) is passed over. */
export async function keyedFolders(folder: string): Promise<{ key: string; path: string }[]> {
  const namesIn = async (place: string) => (await readdir(place).catch(ignoreMissing)) ?? [];
  const found = (await namesIn(folder)).map(async group =>
    (await namesIn(path.join(folder, group)))
      .filter(key => isKey(key) && key.startsWith(group))
      .map(key => ({ key, path: keyedFolder(folder, key) })),
  );
  return (await Promise.all(found)).flat();
}

/** Whether a name is that of a key: SHA-256 in hexadecimal digits. */
export function isKey(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name);
}
