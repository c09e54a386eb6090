// The content-addressed store: a folder per artifact, addressed by the key of its recipe, verified when read.
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { artifactDigest, fileDigest, folderFiles } from './digest.ts';
import { explainWriteError, syncFolder, syncPath, writeWhole } from './durable.ts';
import { withLock } from './lock.ts';
import { Manifest, type Provenance } from './manifest.ts';
import { keyOf, type Recipe } from './recipe.ts';

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
  /** The artifact of a key if it is there and every file has its digest; a damaged one is no hit. */
  find(key: string): Promise<Artifact | undefined>;
  /**
   * Makes an artifact and keeps it whole: `make` writes its files into an empty folder. Whoever asks for the same
   * key meanwhile waits and is given what was made (single flight). What began before `madeAfter` (an ISO time) is
   * no hit: so a forced step is made again once, however many attempts and cells ask for it.
   */
  make(
    recipe: Recipe,
    origin: Origin,
    make: (folder: string) => Promise<Made>,
    options?: { madeAfter?: string; signal?: AbortSignal },
  ): Promise<{ artifact: Artifact; reused: boolean }>;
  /** All manifests, for `plan` (why a key is no hit) and `gc`. Damaged ones are left out. */
  manifests(): Promise<Manifest[]>;
  /** Where the checkpoints of a recipe lie, whichever attempt or run makes it. */
  checkpointFolder(key: string): string;
}

/** Opens (and makes, where missing) the store in a folder. */
export async function openStore(folder: string): Promise<Store> {
  const verified = new Map<string, string>();
  const folderOf = (key: string) => path.join(folder, 'artifacts', key.slice(0, 2), key);
  await mkdir(path.join(folder, 'artifacts'), { recursive: true });

  const find = async (key: string): Promise<Artifact | undefined> => {
    const place = folderOf(key);
    const manifest = await readManifest(place);
    if (!manifest || manifest.key !== key || !(await isWhole(place, manifest, verified))) return undefined;
    return { key, digest: manifest.digest, folder: place, manifest };
  };

  const make: Store['make'] = async (recipe, origin, makeFiles, { madeAfter = '', signal } = {}) => {
    const key = keyOf(recipe);
    const findFresh = async () => {
      const found = await find(key);
      return found && found.manifest.provenance.startedAt >= madeAfter ? found : undefined;
    };
    const hit = await findFresh();
    if (hit) return { artifact: hit, reused: true };
    return withLock(path.join(folder, 'locks', key), signal, async () => {
      const meanwhile = await findFresh();
      if (meanwhile) return { artifact: meanwhile, reused: true };
      const partial = path.join(folder, 'partial', `${key}-${randomUUID()}`);
      try {
        await mkdir(partial, { recursive: true });
        const made = await makeFiles(partial);
        const manifest = await describe(partial, key, recipe, made, origin);
        await putInPlace(partial, folderOf(key), manifest);
      } catch (error) {
        throw explainWriteError(error, partial);
      } finally {
        await rm(partial, { recursive: true, force: true });
      }
      const artifact = await find(key);
      if (!artifact) throw new Error(`store: ${folderOf(key)} was written and cannot be read back`);
      return { artifact, reused: false };
    });
  };

  return {
    folder,
    find,
    make,
    manifests: () => readManifests(path.join(folder, 'artifacts')),
    checkpointFolder: key => path.join(folder, 'checkpoints', key.slice(0, 2), key),
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
async function putInPlace(partial: string, place: string, manifest: Manifest): Promise<void> {
  await syncFolder(partial);
  await writeWhole(path.join(partial, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  await mkdir(path.dirname(place), { recursive: true });
  const replaced = `${partial}-replaced`;
  await rename(place, replaced).catch(ignoreMissing);
  await rename(partial, place);
  await syncPath(path.dirname(place));
  await rm(replaced, { recursive: true, force: true });
}

async function readManifest(place: string): Promise<Manifest | undefined> {
  const text = await readFile(path.join(place, 'manifest.json'), 'utf8').catch(ignoreMissing);
  if (text === undefined) return undefined;
  try {
    return Manifest.parse(JSON.parse(text));
  } catch {
    return undefined; // damaged: no hit, it is made again
  }
}

async function readManifests(artifacts: string): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const group of await readdir(artifacts)) {
    for (const key of await readdir(path.join(artifacts, group))) {
      const manifest = await readManifest(path.join(artifacts, group, key));
      if (manifest) manifests.push(manifest);
    }
  }
  return manifests;
}

/** Whether every file has its size and digest; a file that this process has verified unchanged is not read again. */
async function isWhole(place: string, manifest: Manifest, verified: Map<string, string>): Promise<boolean> {
  if (artifactDigest(manifest.files) !== manifest.digest) return false;
  for (const [name, { bytes, sha256 }] of Object.entries(manifest.files)) {
    const file = path.join(place, name);
    const stats = await stat(file).catch(ignoreMissing);
    if (stats?.size !== bytes) return false;
    const stamp = `${stats.ino} ${stats.mtimeMs} ${bytes} ${sha256}`;
    if (verified.get(file) === stamp) continue;
    if ((await fileDigest(file)) !== sha256) return false;
    verified.set(file, stamp);
  }
  return true;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  return undefined;
}
