// A store that several hosts share: a bucket holds the truth, each host's folder is a copy of what it needed. Files lie in the bucket by their
// digest, so nobody ever overwrites another's; a manifest, written last and only in place of the one that was seen, says what a key holds.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { checkpointPrefix, mirrorCheckpoints } from './checkpoint-mirror.ts';
import { fileDigest } from './digest.ts';
import { withLease } from './lease.ts';
import type { Manifest } from './manifest.ts';
import { type ObjectStore, openObjectStore } from './object-store.ts';
import { keyOf } from './recipe.ts';
import { sealedJson } from './sealed-json.ts';
import { type SharedFiles, sharedFiles } from './shared-files.ts';
import { type Artifact, type FolderStore, parseManifest, type Store } from './store.ts';

interface SharedManifest {
  manifest: Manifest;
  /** Of the object that holds it. */
  version: string;
}

const manifestName = (key: string) => `artifacts/${key}.json`;
const fileName = (sha256: string) => `files/${sha256}`;

/**
 * Shares the store in a folder through the bucket at `address` (`s3://bucket/prefix`).
 * @throws InvalidStore, NoSuchBucket, StoreDenied, StoreUnreachable
 */
export async function openSharedStore(local: FolderStore, address: string): Promise<Store> {
  return shareStore(local, await openObjectStore(address));
}

function shareStore(local: FolderStore, objects: ObjectStore): Store {
  const files: SharedFiles = sharedFiles(local.folder, objects);

  const readShared = async (
    key: string,
  ): Promise<(Partial<SharedManifest> & { version: string }) | undefined> => {
    const found = await objects.read(manifestName(key));
    const manifest = found && parseManifest(found.text);
    return found && { version: found.version, manifest: manifest?.key === key ? manifest : undefined };
  };

  /** Brings an artifact here; what turns out to be damaged is removed there, so that it is made or sent again. */
  const bring = async ({ manifest, version }: SharedManifest): Promise<Artifact | undefined> => {
    const here = await local.find(manifest.key);
    if (here?.digest === manifest.digest) return here;
    const adopted = await local.adopt(manifest, folder => bringFiles(objects, manifest, folder));
    if (!adopted && (await readShared(manifest.key))?.version === version) {
      await objects.remove(manifestName(manifest.key));
    }
    return adopted;
  };

  /** Sends an artifact; one that is fresh there already is taken instead, so that all hosts hold the same. */
  const publish = async (mine: Artifact, isFresh: (manifest: Manifest) => boolean): Promise<Artifact> => {
    for (const [name, { bytes, sha256 }] of Object.entries(mine.manifest.files)) {
      if ((await objects.size(fileName(sha256))) === bytes) continue;
      await objects.upload(fileName(sha256), path.join(mine.folder, name));
    }
    for (;;) {
      const theirs = await readShared(mine.key);
      if (theirs?.manifest && isFresh(theirs.manifest)) {
        const taken = await bring({ ...theirs, manifest: theirs.manifest });
        if (taken) return taken;
      } else if (
        await objects.write(manifestName(mine.key), sealedJson(mine.manifest), theirs?.version ?? null)
      ) {
        return mine;
      }
    }
  };

  const findFresh = async (key: string, isFresh: (manifest: Manifest) => boolean) => {
    const theirs = await readShared(key);
    if (theirs?.manifest && isFresh(theirs.manifest)) return bring({ ...theirs, manifest: theirs.manifest });
    const mine = await local.find(key);
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
      return { artifact, reused: made.reused || artifact !== made.artifact };
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
      return (there?.manifest && (await bring({ ...there, manifest: there.manifest }))) ?? here;
    },
    look: async key => (await local.look(key)) ?? (await readShared(key))?.manifest,
    async checkpointNames(key) {
      const there = await objects.list(checkpointPrefix(key));
      const names = there.map(({ name }) => path.posix.basename(name));
      return [...new Set([...(await local.checkpointNames(key)), ...names])];
    },
  };
}

/** Brings the files of an artifact into a folder; those that are not what they should be are removed there and missing here. */
async function bringFiles(objects: ObjectStore, { files }: Manifest, folder: string): Promise<void> {
  for (const [name, { sha256 }] of Object.entries(files)) {
    const file = path.join(folder, name);
    if (!file.startsWith(folder + path.sep)) return; // no artifact of ours
    await mkdir(path.dirname(file), { recursive: true });
    const isThere = await objects.download(fileName(sha256), file);
    if (!isThere) return;
    if ((await fileDigest(file)) !== sha256) return objects.remove(fileName(sha256));
  }
}
