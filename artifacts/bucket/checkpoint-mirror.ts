// Checkpoints of one recipe in the bucket, so that another host goes on from them: files that carry their digest in their names, sent as they
// come, removed when later ones have made them useless. Two hosts never write different things under one name.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ignoreMissing, replaceWhole } from '../durable.ts';
import type { ObjectStore } from './object-store.ts';
import { StoreUnreachable } from './object-store-errors.ts';

const everyMs = 2_000;
const isCheckpoint = (name: string) => /-[0-9a-f]{64}$/.test(name);
const digestIn = (name: string) => name.slice(-64);

export interface CheckpointMirror {
  /** Sends what came last, and ends. @throws what kept it from sending, but for a server that does not answer */
  close(): Promise<void>;
}

/** Where the checkpoints of a key lie in the bucket. */
export const checkpointPrefix = (key: string): string => `checkpoints/${key}/`;

/** Brings the checkpoints of a key into their folder, then sends what comes there. */
export async function mirrorCheckpoints(
  objects: ObjectStore,
  key: string,
  folder: string,
): Promise<CheckpointMirror> {
  const sent = new Set(await bringCheckpoints(objects, key, folder));
  const done = new AbortController();
  const mirroring = (async () => {
    while (!done.signal.aborted) {
      await sleep(everyMs, undefined, { signal: done.signal }).catch(() => {});
      await sendNew(objects, key, folder, sent).catch(error => {
        if (!(error instanceof StoreUnreachable)) throw error; // the next round sends them
      });
    }
  })();
  mirroring.catch(() => {}); // told by `close`
  return {
    close() {
      done.abort();
      return mirroring;
    },
  };
}

/** Brings the checkpoints of a key into their folder, whole ones that are not there; the names of all that the bucket has. */
export async function bringCheckpoints(objects: ObjectStore, key: string, folder: string): Promise<string[]> {
  const here = (await readdir(folder).catch(ignoreMissing)) ?? [];
  const there = (await objects.list(checkpointPrefix(key))).map(({ name }) => path.posix.basename(name));
  for (const name of there.filter(isCheckpoint)) {
    if (here.includes(name)) continue;
    await replaceWhole(path.join(folder, name), async temporary => {
      const arrived = await objects.download(`${checkpointPrefix(key)}${name}`, temporary, digestIn(name));
      return arrived === 'whole'; // else it is damaged there, or was superseded meanwhile
    });
  }
  return there;
}

/** Sends the furthest first; what is gone here was superseded, and goes there too once a later one has arrived. */
async function sendNew(objects: ObjectStore, key: string, folder: string, sent: Set<string>): Promise<void> {
  const here = ((await readdir(folder).catch(ignoreMissing)) ?? []).filter(isCheckpoint).sort();
  const fresh = here.filter(name => !sent.has(name)).reverse();
  for (const name of fresh) {
    const place = `${checkpointPrefix(key)}${name}`;
    const isGone = await objects.upload(place, path.join(folder, name), digestIn(name)).then(
      () => false,
      error => ignoreMissing(error) === undefined,
    );
    if (!isGone) sent.add(name);
  }
  if (fresh.length === 0) return;
  for (const name of [...sent].filter(name => !here.includes(name))) {
    await objects.remove(`${checkpointPrefix(key)}${name}`);
    sent.delete(name);
  }
}
