// Files beside the artifacts (records of cells, attempts and experiments, digests seen first, images that somebody brought), as several
// hosts share them: the last to write one is right, as on one host.
import { readdir, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing, isOurs, replaceWhole } from '../durable.ts';
import type { Store } from '../store.ts';
import type { ListedObject, ObjectStore } from './object-store.ts';

export type SharedFiles = Pick<Store, 'refresh' | 'pull' | 'push' | 'withdraw'>;

const prefix = 'beside/';
const smallBytes = 1 << 20;
const atOnce = 16;

/** The shared files of a store in a folder. */
export function sharedFiles(folder: string, objects: ObjectStore): SharedFiles {
  const bringAll = async (listed: ListedObject[]) => {
    const safe = listed.filter(({ name }) => name.split('/').every(part => part !== '..' && part !== ''));
    for (let from = 0; from < safe.length; from += atOnce) {
      await Promise.all(safe.slice(from, from + atOnce).map(object => bring(folder, objects, object)));
    }
  };
  let pushed: Promise<void> = Promise.resolve();
  return {
    async refresh() {
      await bringAll((await objects.list(prefix)).filter(({ bytes }) => bytes < smallBytes));
    },
    async pull(place) {
      await bringAll(await objects.list(`${prefix}${place}`));
    },
    push(place) {
      const push = async () => {
        for (const name of await filesAt(folder, place)) {
          await objects.upload(`${prefix}${name}`, path.join(folder, name));
        }
      };
      pushed = pushed.catch(() => {}).then(push); // one after the other: what was written last arrives last
      return pushed;
    },
    async withdraw(place, beginning = '') {
      for (const { name } of await objects.list(`${prefix}${place}`)) {
        if (path.posix.basename(name).startsWith(beginning)) await objects.remove(name);
      }
    },
  };
}

/** A file that was brought bears the time of its object: it is not brought again until another is written there. */
async function bring(
  folder: string,
  objects: ObjectStore,
  { name, bytes, writtenAt }: ListedObject,
): Promise<void> {
  const file = path.join(folder, name.slice(prefix.length));
  const here = await stat(file).catch(ignoreMissing);
  if (here?.size === bytes && Math.round(here.mtimeMs) === writtenAt) return;
  await replaceWhole(file, async temporary => {
    if ((await objects.download(name, temporary)) !== 'whole') return false; // damaged there, or withdrawn meanwhile
    return utimes(temporary, writtenAt / 1000, writtenAt / 1000);
  });
}

/** Names of the files at a place, relative to the folder, with `/`. */
async function filesAt(folder: string, place: string): Promise<string[]> {
  const at = path.join(folder, place);
  const found = await stat(at).catch(ignoreMissing);
  if (!found?.isDirectory()) return found ? [place] : [];
  const entries = await readdir(at, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile() && isOurs(entry.name))
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
}
