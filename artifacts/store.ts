// The content-addressed store: a folder per artifact, addressed by the key of its recipe, verified when read.
import { randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { artifactDigest, fileDigest, folderFiles } from './digest.ts';
import { explainWriteError, ignoreMissing, syncFolder, syncPath, writeWhole } from './durable.ts';
import { keyedFolder, keyedFolders } from './keyed-folders.ts';
import { withLock } from './lock.ts';
import { Manifest, type Provenance } from './manifest.ts';
import { keyOf, type Recipe } from './recipe.ts';
import { openSealedJson, sealedJson } from './sealed-json.ts';

const manifestFile = 'manifest.json';

/** An artifact that is there and whole. Its files lie in `folder`; treat them as read-only. */
export interface Artifact {
  key: string;
  digest: string;
  folder: string;
  manifest: Manifest;
}

/** What a step leaves besides its files. */
export interface Made {
  summary: Manifest['summary'];
  /** What computed it: `tensorflow 2.21.0 cpu`, `typescript`. */
  backend: string;
  /** The largest resident set of the process that made it. */
  peakMemoryBytes: number;
}

/** What is known of an artifact's origin before it is made. */
export type Origin = Omit<Provenance, 'seconds' | 'finishedAt' | 'backend' | 'peakMemoryBytes'>;

export interface Store {
  readonly folder: string;
  /**
   * The artifact of a key if it is there and every file has its digest; a damaged one is no hit. `digest`: the one that it should
   * have, where that is known; several hosts then look whether another has made it again.
   */
  find(key: string, digest?: string): Promise<Artifact | undefined>;
  /** The manifest of what `find` would find, without bringing its files here. */
  look(key: string): Promise<Manifest | undefined>;
  /**
   * Makes an artifact and keeps it whole: `make` writes its files into an empty folder, and stops when its signal says
   * so. Whoever asks for the same key meanwhile waits and is given what was made (single flight). What began before
   * `madeAfter` (an ISO time) is no hit: so a forced step is made again once, however many attempts and cells ask for it.
   * `onBusy` is told while another makes it, and ends the waiting where it throws.
   * Where two make the same all the same (as where a disk keeps its locks to one machine), the first to finish is kept.
   */
  make(
    recipe: Recipe,
    origin: Origin,
    make: (folder: string, signal: AbortSignal) => Promise<Made>,
    options?: { madeAfter?: string; signal?: AbortSignal; onBusy?: () => void },
  ): Promise<{ artifact: Artifact; reused: boolean }>;
  /** All manifests of this host, for `plan` (why a key is no hit) and `gc`. Damaged ones are left out. */
  manifests(): Promise<Manifest[]>;
  /** Where the checkpoints of a recipe lie, whichever attempt or run makes it; removed once its artifact is kept. */
  checkpointFolder(key: string): string;
  /** Where several hosts share what is kept, beyond this folder; undefined in a store of one host. */
  readonly sharedAt?: string;
  /** Names of a recipe's checkpoints, here and on other hosts. */
  checkpointNames(key: string): Promise<string[]>;
  /** Brings those of other hosts. */
  pullCheckpoints(key: string): Promise<void>;
  /** Keeps an artifact as its manifest says; `bring` writes its files into an empty folder. Undefined where they are others. */
  adopt(manifest: Manifest, bring: (folder: string) => Promise<void>): Promise<Artifact | undefined>;
  /** Brings what other hosts wrote beside the artifacts: the small files, as records of cells and attempts. */
  refresh(): Promise<void>;
  /** Brings all that other hosts have at a place beside the artifacts: a file, or a folder, which ends in `/`. */
  pull(place: string): Promise<void>;
  /** Gives other hosts what lies at a place beside the artifacts. */
  push(place: string): Promise<void>;
  /** Takes away from a place what other hosts could have of it (of a folder: the files whose names begin so). */
  withdraw(place: string, beginning?: string): Promise<void>;
}

/** Opens (and makes, where missing) the store in a folder. */
export async function openStore(folder: string): Promise<Store> {
  const verified = new Set<string>();
  const folderOf = (key: string) => keyedFolder(path.join(folder, 'artifacts'), key);
  const checkpointFolder = (key: string) => keyedFolder(path.join(folder, 'checkpoints'), key);
  await mkdir(path.join(folder, 'artifacts'), { recursive: true });

  const wholeAt = async (place: string, key: string): Promise<Artifact | undefined> => {
    const manifest = await readManifest(place);
    if (!manifest || manifest.key !== key || !(await isWhole(place, manifest, verified))) return undefined;
    return { key, digest: manifest.digest, folder: place, manifest };
  };
  const find = (key: string) => wholeAt(folderOf(key), key);

  const make: Store['make'] = async (recipe, origin, makeFiles, { madeAfter = '', signal, onBusy } = {}) => {
    const key = keyOf(recipe);
    const freshAt = async (place: string) => {
      const found = await wholeAt(place, key);
      return found && found.manifest.provenance.startedAt >= madeAfter ? found : undefined;
    };
    const findFresh = () => freshAt(folderOf(key));
    const hit = await findFresh();
    if (hit) return { artifact: hit, reused: true };
    const makeNow = async () => {
      const meanwhile = await findFresh();
      if (meanwhile) return { artifact: meanwhile, reused: true };
      const partial = path.join(folder, 'partial', `${key}-${randomUUID()}`);
      try {
        await mkdir(partial, { recursive: true });
        const made = await makeFiles(partial, signal ?? new AbortController().signal);
        const manifest = await describe(partial, key, recipe, made, origin);
        await noteVerified(partial, manifest, verified);
        await writeManifest(partial, manifest);
        const isIn = await putInPlace(
          partial,
          folderOf(key),
          async place => (await freshAt(place)) !== undefined,
        );
        const artifact = await find(key);
        if (!artifact) throw new Error(`store: ${folderOf(key)} was written and cannot be read back`);
        await rm(checkpointFolder(key), { recursive: true, force: true });
        return { artifact, reused: !isIn };
      } catch (error) {
        throw explainWriteError(error, partial);
      } finally {
        await rm(partial, { recursive: true, force: true });
      }
    };
    return withLock(path.join(folder, 'locks', key), signal, makeNow, onBusy);
  };

  const adopt: Store['adopt'] = async (manifest, bring) => {
    const { key, digest } = manifest;
    const partial = path.join(folder, 'partial', `${key}-${randomUUID()}`);
    try {
      await mkdir(partial, { recursive: true });
      await bring(partial);
      await writeManifest(partial, manifest);
      if (!(await wholeAt(partial, key))) return undefined;
      await putInPlace(partial, folderOf(key), async place => (await wholeAt(place, key))?.digest === digest);
      return await find(key);
    } catch (error) {
      throw explainWriteError(error, partial);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  };

  return {
    folder,
    find,
    look: async key => (await find(key))?.manifest,
    make,
    adopt,
    manifests: () => readManifests(path.join(folder, 'artifacts')),
    checkpointFolder,
    checkpointNames: async key => (await readdir(checkpointFolder(key)).catch(ignoreMissing)) ?? [],
    pullCheckpoints: async () => {},
    refresh: async () => {},
    pull: async () => {},
    push: async () => {},
    withdraw: async () => {},
  };
}

async function describe(
  partial: string,
  key: string,
  recipe: Recipe,
  { summary, backend, peakMemoryBytes }: Made,
  origin: Origin,
): Promise<Manifest> {
  const files = await folderFiles(partial);
  const finished = new Date();
  return {
    key,
    digest: artifactDigest(files),
    recipe,
    files,
    summary,
    provenance: {
      ...origin,
      backend,
      peakMemoryBytes,
      finishedAt: finished.toISOString(),
      seconds: (finished.getTime() - Date.parse(origin.startedAt)) / 1000,
    },
  };
}

/** The manifest is written last: a folder without one is no artifact. */
async function writeManifest(partial: string, manifest: Manifest): Promise<void> {
  await syncFolder(partial);
  await writeWhole(path.join(partial, manifestFile), sealedJson(manifest));
}

/**
 * Gives a finished folder its place, unless a fresh artifact has come there meanwhile; what lies there else (damaged, or
 * too old) makes room. Whether the folder took the place. A rename replaces no folder that holds anything, and what was
 * moved away is looked at again, so nobody's fresh artifact is ever overwritten.
 */
async function putInPlace(
  partial: string,
  place: string,
  isFresh: (folder: string) => Promise<boolean>,
): Promise<boolean> {
  await mkdir(path.dirname(place), { recursive: true });
  const stale = `${partial}-stale`;
  for (;;) {
    if (await isFresh(place)) return false;
    if ((await renames(place, stale, 'ENOENT')) && (await isFresh(stale))) {
      const isBack = await renames(stale, place, ...taken);
      if (!isBack) await rm(stale, { recursive: true, force: true });
      return false; // it came there between the two looks
    }
    const isIn = await renames(partial, place, ...taken);
    await syncPath(path.dirname(place));
    await rm(stale, { recursive: true, force: true });
    if (isIn) return true;
  }
}

/** How a rename fails where a folder of the new name holds something. */
const taken = ['ENOTEMPTY', 'EEXIST'];

/** Renames a folder; false where that fails in a way that was expected. */
async function renames(folder: string, target: string, ...expected: string[]): Promise<boolean> {
  try {
    await rename(folder, target);
    return true;
  } catch (error) {
    if (expected.includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

async function readManifest(place: string): Promise<Manifest | undefined> {
  const text = await readFile(path.join(place, manifestFile), 'utf8').catch(ignoreMissing);
  if (text === undefined) return undefined;
  try {
    return Manifest.parse(openSealedJson(text));
  } catch {
    return undefined; // damaged: no hit, the artifact is made again
  }
}

async function readManifests(artifacts: string): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const { path: place } of await keyedFolders(artifacts)) {
    const manifest = await readManifest(place);
    if (manifest) manifests.push(manifest);
  }
  return manifests;
}

/** Whether every file has its size and digest; a file that this process has read before, and that is unchanged, is not read again. */
async function isWhole(place: string, manifest: Manifest, verified: Set<string>): Promise<boolean> {
  if (artifactDigest(manifest.files) !== manifest.digest) return false;
  for (const [name, { bytes, sha256 }] of Object.entries(manifest.files)) {
    const file = path.join(place, name);
    const stats = await stat(file, { bigint: true }).catch(ignoreMissing);
    if (stats?.size !== BigInt(bytes)) return false;
    const stamp = stampOf(stats, sha256);
    if (verified.has(stamp)) continue;
    if ((await fileDigest(file)) !== sha256) return false;
    verified.add(stamp);
  }
  return true;
}

/** Of files whose digests were just taken, so that large ones are not read twice as they are kept. */
async function noteVerified(place: string, { files }: Manifest, verified: Set<string>): Promise<void> {
  for (const [name, { sha256 }] of Object.entries(files)) {
    verified.add(stampOf(await stat(path.join(place, name), { bigint: true }), sha256));
  }
}

/** A file as it is now, wherever it is moved: no program can set its change time back. */
function stampOf({ dev, ino, ctimeNs, size }: BigIntStats, sha256: string): string {
  return `${dev} ${ino} ${ctimeNs} ${size} ${sha256}`;
}
