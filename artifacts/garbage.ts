// What no kept result reaches any more, and its removal. Whatever is being made or used now is left alone; should a step all the
// same miss what was removed, it is made again.
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { recordedKeys } from './cell-record.ts';
import { ignoreMissing, isOurs } from './durable.ts';
import { isKey, keyedFolders } from './keyed-folders.ts';
import { ifUnlocked, lockFile } from './lock.ts';
import type { Manifest } from './manifest.ts';
import { usedKeys } from './running-cells.ts';
import type { Store } from './store.ts';
import { sweepPlaces } from './sweep-pages.ts';

export interface Garbage {
  kind: 'artifact' | 'partial' | 'checkpoints' | 'lock' | 'sweep';
  path: string;
  /** Of the artifact that it is, or belonged to; a sweep's name. */
  key: string;
  bytes: number;
}

const minute = 60_000;
/** What is younger may belong to a step that has not said yet that it uses it. */
const graceMs = 10 * minute;
/** Checkpoints of a training that nobody went on with for so long. */
const checkpointLifeMs = 30 * 24 * 60 * minute;
/** The cells of a sweep and what became of them: no sweep lasts so long. */
const sweepLifeMs = 365 * 24 * 60 * minute;
/** What came from outside is kept: it may not be had again. */
const keptSteps = ['fetch', 'fetch-weights'];

/** What can be removed now. */
export async function findGarbage(store: Store, now = Date.now()): Promise<Garbage[]> {
  const manifests = await store.manifests();
  const reached = await reachedKeys(store.folder, manifests);
  const found = await Promise.all([
    unreachedArtifacts(store.folder, reached, now),
    staleCheckpoints(store.folder, new Set(manifests.map(({ key }) => key)), now),
    deadEntries(store.folder, 'partial', now),
    deadEntries(store.folder, 'locks', now),
    ...sweepPlaces.map(place => oldSweeps(path.join(store.folder, place), now)),
  ]);
  return found.flat();
}

/** Removes garbage, each piece only while nobody makes its artifact; gives what was removed. */
export async function removeGarbage(store: Store, garbage: readonly Garbage[]): Promise<Garbage[]> {
  const removed: Garbage[] = [];
  for (const piece of garbage) {
    const lock = path.join(store.folder, 'locks', piece.key);
    await ifUnlocked(lock, async () => {
      const isGone = piece.path === lockFile(lock) || (await removeAtOnce(store.folder, piece.path)); // a lock's goes as it is released
      if (isGone) removed.push(piece);
    });
  }
  return removed;
}

/** Keys of all artifacts behind cell records, running cells and downloads, with whatever those were made from. */
async function reachedKeys(folder: string, manifests: readonly Manifest[]): Promise<Set<string>> {
  const reached = new Set([...(await recordedKeys(folder)), ...(await usedKeys(folder))]);
  for (const { key, recipe } of manifests) if (keptSteps.includes(recipe.step)) reached.add(key);
  return withInputs(reached, manifests);
}

/** Keys, with those of all that their artifacts were made from. */
export function withInputs(keys: Iterable<string>, manifests: readonly Manifest[]): Set<string> {
  const reached = new Set(keys);
  const byKey = new Map(manifests.map(manifest => [manifest.key, manifest]));
  for (const key of reached) {
    for (const digest of Object.values(byKey.get(key)?.recipe.inputs ?? {})) {
      const inputs = manifests.filter(manifest => manifest.digest === digest);
      for (const input of inputs) reached.add(input.key); // visited in turn: a set may grow while it is read
    }
  }
  return reached;
}

async function unreachedArtifacts(folder: string, reached: Set<string>, now: number): Promise<Garbage[]> {
  const all = await keyedFolders(path.join(folder, 'artifacts'));
  return pieces(
    'artifact',
    all.filter(({ key }) => !reached.has(key)),
    now - graceMs,
  );
}

async function staleCheckpoints(folder: string, made: Set<string>, now: number): Promise<Garbage[]> {
  const all = await keyedFolders(path.join(folder, 'checkpoints'));
  const useless = all.filter(({ key }) => made.has(key));
  const forgotten = all.filter(({ key }) => !made.has(key));
  return [
    ...(await pieces('checkpoints', useless, now - graceMs)),
    ...(await pieces('checkpoints', forgotten, now - checkpointLifeMs)),
  ];
}

/** What a process left that died while it made something. */
async function deadEntries(folder: string, place: 'partial' | 'locks', now: number): Promise<Garbage[]> {
  const names = (await readdir(path.join(folder, place)).catch(ignoreMissing)) ?? [];
  const entries = names
    .map(name => ({ key: name.slice(0, 64), path: path.join(folder, place, name) }))
    .filter(({ key }) => isKey(key));
  return pieces(place === 'locks' ? 'lock' : 'partial', entries, now - graceMs);
}

async function oldSweeps(folder: string, now: number): Promise<Garbage[]> {
  const names = (await readdir(folder).catch(ignoreMissing)) ?? [];
  const sweeps = names.filter(isOurs).map(key => ({ key, path: path.join(folder, key) }));
  return pieces('sweep', sweeps, now - sweepLifeMs);
}

/** With their sizes, those of them in which nothing was written since `before`. */
async function pieces(
  kind: Garbage['kind'],
  places: readonly { key: string; path: string }[],
  before: number,
): Promise<Garbage[]> {
  const found: Garbage[] = [];
  for (const { key, path: place } of places) {
    const { bytes, writtenAt } = await measure(place);
    if (writtenAt < before) found.push({ kind, path: place, key, bytes });
  }
  return found;
}

/** Bytes of a file, or of all files in a folder, and when the last of them was written; a vanished one is empty and new. */
async function measure(place: string): Promise<{ bytes: number; writtenAt: number }> {
  try {
    const own = await stat(place);
    if (!own.isDirectory()) return { bytes: own.size, writtenAt: own.mtimeMs };
    let [bytes, writtenAt] = [0, own.mtimeMs];
    for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
      const { size, mtimeMs } = await stat(path.join(entry.parentPath, entry.name));
      if (entry.isFile()) bytes += size;
      writtenAt = Math.max(writtenAt, mtimeMs);
    }
    return { bytes, writtenAt };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { bytes: 0, writtenAt: Number.POSITIVE_INFINITY };
  }
}

/** Renames first, so that nobody sees half of it; false where it was gone already. */
async function removeAtOnce(folder: string, place: string): Promise<boolean> {
  const bin = path.join(folder, 'partial', `${path.basename(place).slice(0, 64)}-${randomUUID()}-removed`);
  await mkdir(path.dirname(bin), { recursive: true });
  const isThere = await rename(place, bin).then(() => true, ignoreMissing);
  await rm(bin, { recursive: true, force: true });
  return isThere ?? false;
}
