// Takes in and removes image sets that people bring: whole or not at all, one at a time for a name.
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { removeCellRecords } from '../artifacts/cell-record.ts';
import { artifactDigest, folderDigest, folderFiles } from '../artifacts/digest.ts';
import { explainWriteError, syncFolder, syncPath, writeWhole } from '../artifacts/durable.ts';
import { withLock } from '../artifacts/lock.ts';
import type { Fit } from '../datasets/own/fit.ts';
import type { OwnImages } from '../datasets/own/own-images.ts';
import { storeImages } from '../datasets/own/stored-images.ts';
import { contentFolder, type OwnSet, ownSetNamed, ownSetsFolder } from './own-sets.ts';

/** Other images are kept under this name. */
export class NameTaken extends Error {
  override name = 'NameTaken';

  constructor({ name, n, source, addedAt }: OwnSet) {
    super(
      `"${name}" holds other images already (${n}, added from ${source} on ${addedAt.slice(0, 10)}); say --replace to keep these instead, or take another name`,
    );
  }
}

export interface KeepRequest {
  name: string;
  /** As in tables and figures; by default what it was, or the name. */
  title?: string;
  images: OwnImages;
  fit: Fit;
  /** The file or folder that they are read from. */
  source: string;
  /** Other images of that name give way. */
  replace: boolean;
  signal?: AbortSignal;
  onProgress?: (done: number) => void;
}

/**
 * Keeps a set; one that is there with the same content stays as it is, but for its title.
 * @throws NameTaken, and what reading the images throws; nothing is kept then.
 */
export async function keepOwnSet(
  store: string,
  request: KeepRequest,
): Promise<{ set: OwnSet; reused: boolean }> {
  const { name, title, images, fit, source, replace, signal, onProgress } = request;
  const folder = path.join(ownSetsFolder(store), name);
  return withLock(lockOf(store, name), signal, async () => {
    const partial = path.join(folder, `partial-${randomUUID()}`);
    const before = ownSetNamed(store, name);
    try {
      await mkdir(partial, { recursive: true });
      const summary = await storeImages(images, partial, fit, { signal, onProgress });
      const files = await folderFiles(partial);
      const content = artifactDigest(files);
      const reused = before?.content === content;
      if (before && !reused && !replace) throw new NameTaken(before);
      const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
      const origin = reused ? before : { source, addedAt: new Date().toISOString() };
      const set: OwnSet = {
        name,
        title: title ?? before?.title ?? name,
        content,
        ...summary,
        bytes,
        source: origin.source,
        addedAt: origin.addedAt,
      };
      if ((await folderDigest(contentFolder(store, set))) !== content) {
        await putInPlace(partial, contentFolder(store, set));
      }
      await writeWhole(path.join(folder, 'set.json'), `${JSON.stringify(set, undefined, 2)}\n`);
      return { set, reused };
    } catch (error) {
      throw explainWriteError(error, partial);
    } finally {
      await sweep(folder, ownSetNamed(store, name));
    }
  });
}

/** Removes a set, and how its cells stood; what was trained on it stays in the store, for images that are added again. */
export async function removeOwnSet(store: string, name: string): Promise<void> {
  const folder = path.join(ownSetsFolder(store), name);
  await withLock(lockOf(store, name), undefined, async () => {
    await rm(path.join(folder, 'set.json'), { force: true });
    await removeCellRecords(store, name);
    await rm(folder, { recursive: true, force: true });
  });
}

function lockOf(store: string, name: string): string {
  return path.join(store, 'locks', `own-images-${name}`);
}

async function putInPlace(partial: string, place: string): Promise<void> {
  await syncFolder(partial);
  await rm(place, { recursive: true, force: true }); // damaged
  await rename(partial, place);
  await syncPath(path.dirname(place));
}

/** Leaves nothing in a set's folder but the set: no other content, nothing half written by whoever was killed. */
async function sweep(folder: string, set: OwnSet | undefined): Promise<void> {
  if (!set) return rm(folder, { recursive: true, force: true });
  for (const name of await readdir(folder)) {
    if (name === 'set.json' || name === set.content) continue;
    await rm(path.join(folder, name), { recursive: true, force: true });
  }
}
