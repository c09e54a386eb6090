// The image sets that people brought: which there are, under which name, with which content.
import { readdirSync, readFileSync } from 'node:fs';
import { copyFile, link } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { folderDigest } from '../artifacts/digest.ts';
import { filesIn } from '../artifacts/durable.ts';
import { InvalidOwnImages } from '../datasets/own/own-images.ts';

/** `set.json` of a set. It is written last: a folder without one holds no set. */
export const OwnSet = z.strictObject({
  name: z.string(),
  /** As in tables and figures. */
  title: z.string(),
  /** Digest of all that is kept of it (SHA-256): names its folder, and stands in the recipes of its steps. */
  content: z.string().regex(/^[0-9a-f]{64}$/),
  n: z.number(),
  classes: z.array(z.strictObject({ name: z.string(), count: z.number() })),
  /** Images without a class. */
  unlabelled: z.number().default(0),
  /** Names of the columns that are kept with the images. */
  columns: z.array(z.string()).default([]),
  /** The one of them whose groups the kNN score's split keeps whole. */
  group: z.string().optional(),
  /** Images that are copies of others, and those that the score tests and has a copy of to learn from. */
  copies: z.number().default(0),
  testedCopies: z.number().default(0),
  /** Smallest and largest, in pixels. */
  heights: z.tuple([z.number(), z.number()]),
  widths: z.tuple([z.number(), z.number()]),
  bytes: z.number(),
  /** The file or folder that it was read from. */
  source: z.string(),
  addedAt: z.string(),
});
export type OwnSet = z.infer<typeof OwnSet>;

/** Names that a set can have: part of addresses and of file names. */
export const ownSetName = /^[a-z][a-z0-9-]{0,39}$/;

/** Where the sets of a store lie, a folder each. */
export function ownSetsFolder(store: string): string {
  return path.join(store, 'own-images');
}

/** Where the files of one content of a set lie. */
export function contentFolder(store: string, { name, content }: Pick<OwnSet, 'name' | 'content'>): string {
  return path.join(ownSetsFolder(store), name, content);
}

/** All sets of a store, by name; damaged ones are left out. */
export function ownSets(store: string): OwnSet[] {
  return foldersIn(ownSetsFolder(store)).flatMap(name => ownSetNamed(store, name) ?? []);
}

/** The set of that name; undefined where there is none. */
export function ownSetNamed(store: string, name: string): OwnSet | undefined {
  if (!ownSetName.test(name)) return undefined;
  try {
    return OwnSet.parse(JSON.parse(readFileSync(path.join(ownSetsFolder(store), name, 'set.json'), 'utf8')));
  } catch {
    return undefined; // none, or damaged: it is added again
  }
}

/**
 * Puts the files of a set into a folder, as links to those that are kept where the disk can do that, and verifies them.
 * @throws InvalidOwnImages where they are not those of that content any more.
 */
export async function linkOwnSet(
  store: string,
  set: Pick<OwnSet, 'name' | 'content'>,
  folder: string,
): Promise<void> {
  const kept = contentFolder(store, set);
  for (const file of await filesIn(kept)) {
    const [from, to] = [path.join(kept, file), path.join(folder, file)];
    await link(from, to).catch(() => copyFile(from, to));
  }
  if ((await folderDigest(folder)) !== set.content) {
    throw new InvalidOwnImages(
      set.name,
      'the images that were added under this name were replaced, removed or damaged meanwhile; "simcne data list" shows what is kept, "simcne data add" takes them in again',
    );
  }
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return []; // no set was added yet
  }
}
