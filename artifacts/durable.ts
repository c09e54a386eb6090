// Writing so that a file is whole or not there, whatever dies in between: temporary name, fsync, rename.
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Thrown where the disk is full; says where. */
export class DiskFull extends Error {
  override name = 'DiskFull';
}

/** Turns "no space left on device" into an error that says what was being written and what to do; passes others on. */
export function explainWriteError(error: unknown, place: string): unknown {
  const code = (error as NodeJS.ErrnoException)?.code;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new DiskFull(
    `${place}: no space left on the disk (${code}); free some, or set SIMCNE_HOME to a folder on another disk, then run again`,
  );
}

/** For `catch` where a file may be missing: undefined then; other errors are thrown on. */
export function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  return undefined;
}

/**
 * Names of what lies in a folder and ends so, sorted; none where there is no folder. Folders among them, files that are being written and
 * those that desktops leave (`.DS_Store`) are passed over.
 */
export async function filesIn(folder: string, ending = ''): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(ignoreMissing)) ?? [];
  return entries
    .filter(entry => !entry.isDirectory() && isOurs(entry.name) && entry.name.endsWith(ending))
    .map(({ name }) => name)
    .sort();
}

/** Whether a file of that name may be one that this project wrote whole. */
export function isOurs(name: string): boolean {
  return !name.startsWith('.') && !name.endsWith('.part');
}

/** Writes a whole file durably in place of what is there. */
export async function writeWhole(file: string, contents: string | Uint8Array): Promise<void> {
  await replaceWhole(file, temporary => writeFile(temporary, contents));
}

/**
 * Lets `write` write a file under a temporary name, and puts it durably in place of what is there, unless it answers false: then
 * what is there stays.
 */
export async function replaceWhole(
  file: string,
  write: (temporary: string) => Promise<unknown>,
): Promise<void> {
  const temporary = `${file}.${randomUUID()}.part`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    if ((await write(temporary)) === false) return await rm(temporary, { force: true });
    await syncPath(temporary);
    await rename(temporary, file);
    await syncPath(path.dirname(file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw explainWriteError(error, file);
  }
}

/** Brings every file below a folder, and the folders, to the disk. */
export async function syncFolder(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await syncPath(path.join(entry.parentPath, entry.name));
  }
  await syncPath(folder);
}

/** fsync of one file or folder. */
export async function syncPath(place: string): Promise<void> {
  const handle = await open(place, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
