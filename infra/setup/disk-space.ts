// Free space under a folder, asked for before work that would fill the disk.
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';

/** Free gigabytes (10^9 bytes) where `folder` lies or will lie. */
export async function freeGigabytes(folder: string): Promise<number> {
  const present = existsSync(folder) ? folder : path.dirname(folder);
  if (present !== folder) return freeGigabytes(present);
  const { bavail, bsize } = await statfs(folder);
  return (bavail * bsize) / 1e9;
}

/** @throws where less than `gigabytes` are free under `folder` */
export async function requireSpace(folder: string, gigabytes: number, what: string): Promise<void> {
  const free = await freeGigabytes(folder);
  if (free >= gigabytes) return;
  throw new Error(
    `${what}: ${gigabytes} GB of free space are needed in ${folder}, found ${free.toFixed(1)}; ` +
      'make room, or set SIMCNE_CACHE to a folder on a larger disk',
  );
}
