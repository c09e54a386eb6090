// A store that several hosts share: a bucket holds the truth, each host's folder is a copy of what it needed. Files lie in the bucket by their
// digest, so nobody ever overwrites another's; a manifest, written last and only in place of the one that was seen, says what a key holds.
// Reading removes nothing: whoever proves that a file is damaged there writes so beside the manifest, and whoever has it whole, or makes it
// again, sends it anew.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { Manifest } from '../manifest.ts';
import { keyOf } from '../recipe.ts';
import { openSealedJson, sealedJson } from '../sealed-json.ts';
import type { Artifact, Store } from '../store.ts';
import { bringCheckpoints, checkpointPrefix, mirrorCheckpoints } from './checkpoint-mirror.ts';
import { withLease } from './lease.ts';
import { type ObjectStore, openObjectStore } from './object-store.ts';
import { type SharedFiles, sharedFiles } from './shared-files.ts';

/** What the bucket says of a key. */
interface Shared {
  /** Undefined where it is damaged there. */
  manifest?: Manifest;
  /** Digests of those of its files that were found damaged there, or missing. */
  damaged: readonly string[];
  /** Of the object that says so. */
  version: string;
}

const SharedManifest = Manifest.extend({ damaged: z.array(z.string()).optional() });

const manifestName = (key: string) => `artifacts/${key}.json`;
const fileName = (sha256: string) => `files/${sha256}`;

/**
 * Shares the store in a folder through the bucket at `address` (`s3://bucket/prefix`).
 * @throws InvalidStore, NoSuchBucket, StoreDenied, StoreUnreachable
 */
export async function openSharedStore(local: Store, address: string): Promise<Store> {
  return shareStore(local, await openObjectStore(address));
}

function shareStore(local: Store, objects: ObjectStore): Store {
  const files: SharedFiles = sharedFiles(local.folder, objects);

  const readShared = async (key: string): Promise<Shared | undefined> => {
    const found = await objects.read(manifestName(key));
    return found && { ...parseShared(found.text, key), version: found.version };
  };

  /** Brings an artifact here; where a file turns out to be damaged there, that is noted. */
  const bring = async ({ manifest, damaged, version }: Shared): Promise<Artifact | undefined> => {
    if (!manifest) return undefined;
    const here = await local.find(manifest.key);
    if (here?.digest === manifest.digest) return here;
    let fault: string | undefined;
    const adopted = await local.adopt(manifest, async folder => {
      fault = await bringFiles(objects, manifest, folder);
    });
    if (fault !== undefined && !damaged.includes(fault)) {
      const noted = sealedJson({ ...manifest, damaged: [...damaged, fault] });
      await objects.write(manifestName(manifest.key), noted, version);
    }
    return adopted;
  };

  /** Sends an artifact; one that is fresh and whole there already is taken instead, so that all hosts hold the same. */
  const publish = async (mine: Artifact, isFresh: (manifest: Manifest) => boolean): Promise<Artifact> => {
    for (;;) {
      const theirs = await readShared(mine.key);
      if (theirs?.manifest && theirs.damaged.length === 0 && isFresh(theirs.manifest)) {
        const taken = await bring(theirs);
        if (taken) return taken;
        continue; // that it is damaged stands there now
      }
      await sendFiles(objects, mine, theirs?.damaged ?? []);
      const text = sealedJson(mine.manifest);
      if (await objects.write(manifestName(mine.key), text, theirs?.version ?? null)) return mine;
    }
  };

  const findFresh = async (key: string, isFresh: (manifest: Manifest) => boolean) => {
    const theirs = await readShared(key);
    const mine = await local.find(key);
    const isMine = mine !== undefined && mine.digest === theirs?.manifest?.digest;
    if (theirs?.manifest && isFresh(theirs.manifest) && !(isMine && theirs.damaged.length > 0)) {
      const brought = await bring(theirs);
      if (brought) return brought;
    }
    return mine && isFresh(mine.manifest) ? publish(mine, isFresh) : undefined;
  };

  const make: Store['make'] = async (recipe, origin, makeFiles, options = {}) => {
    const { madeAfter = '', signal, onBusy } = options;
    const key = keyOf(recipe);
    const isFresh = ({ provenance }: Manifest) => provenance.startedAt >= madeAfter;
    const hit = await findFresh(key, isFresh);
    if (hit) return { artifact: hit, reused: true };
    const makeNow = async (held: AbortSignal) => {
      const meanwhile = await findFresh(key, isFresh);
      if (meanwhile) return { artifact: meanwhile, reused: true };
      const mirror = await mirrorCheckpoints(objects, key, local.checkpointFolder(key));
      const made = await local
        .make(recipe, origin, makeFiles, { madeAfter, signal: held })
        .finally(() => mirror.close());
      const artifact = await publish(made.artifact, isFresh);
      for (const { name } of await objects.list(checkpointPrefix(key))) await objects.remove(name);
      const isOther = !isDeepStrictEqual(artifact.manifest, made.artifact.manifest);
      return { artifact, reused: made.reused || isOther };
    };
    return withLease(objects, `leases/${key}`, signal, makeNow, { onBusy });
  };

  return {
    ...local,
    ...files,
    sharedAt: objects.address,
    make,
    async find(key, digest) {
      const here = await local.find(key);
      if (here && (digest === undefined || here.digest === digest)) return here;
      const there = await readShared(key);
      return (there && (await bring(there))) ?? here;
    },
    async adopt(manifest, bring) {
      const mine = await local.adopt(manifest, bring);
      return mine && publish(mine, () => true);
    },
    async pullCheckpoints(key) {
      await bringCheckpoints(objects, key, local.checkpointFolder(key));
    },
    async look(key) {
      const here = await local.look(key);
      if (here) return here;
      const there = await readShared(key);
      return there?.damaged.length === 0 ? there.manifest : undefined;
    },
    async checkpointNames(key) {
      const there = await objects.list(checkpointPrefix(key));
      const names = there.map(({ name }) => path.posix.basename(name));
      return [...new Set([...(await local.checkpointNames(key)), ...names])];
    },
  };
}

/** What an object says; no manifest where it is damaged, or of another key. */
function parseShared(text: string, key: string): Omit<Shared, 'version'> {
  try {
    const { damaged = [], ...manifest } = SharedManifest.parse(openSealedJson(text));
    return { damaged, manifest: manifest.key === key ? manifest : undefined };
  } catch {
    return { damaged: [] };
  }
}

/** Sends the files of an artifact that are not there, and those that are damaged there. */
async function sendFiles(
  objects: ObjectStore,
  { folder, manifest }: Artifact,
  damaged: readonly string[],
): Promise<void> {
  for (const [name, { bytes, sha256 }] of Object.entries(manifest.files)) {
    const isThere = !damaged.includes(sha256) && (await objects.size(fileName(sha256))) === bytes;
    if (!isThere) await objects.upload(fileName(sha256), path.join(folder, name), sha256);
  }
}

/** Brings the files of an artifact into a folder, until one is damaged there or missing: answers its digest. */
async function bringFiles(
  objects: ObjectStore,
  { files }: Manifest,
  folder: string,
): Promise<string | undefined> {
  for (const [name, { sha256 }] of Object.entries(files)) {
    const file = path.join(folder, name);
    if (!file.startsWith(folder + path.sep)) return undefined; // no artifact of ours
    await mkdir(path.dirname(file), { recursive: true });
    if ((await objects.download(fileName(sha256), file, sha256)) !== 'whole') return sha256;
  }
  return undefined;
}
