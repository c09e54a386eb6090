// A sweep's cells and what became of them, in pages: a sweep may have thousands, and a message of Temporal's holds a few hundred.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from './durable.ts';
import { canonicalJson } from './recipe.ts';
import { openSealedJson, sealedJson } from './sealed-json.ts';
import type { Store } from './store.ts';

/** Folders of the store, each with one for every list or run. */
export const sweepPlaces = ['sweeps', 'outcomes'] as const;

/** Keeps a list by its digest, which it answers. */
export async function keepPages(store: Store, items: readonly object[], pageSize: number): Promise<string> {
  const digest = createHash('sha256').update(canonicalJson(items)).digest('hex').slice(0, 32);
  for (let page = 0; page * pageSize < items.length; page++) {
    const some = items.slice(page * pageSize, (page + 1) * pageSize);
    await writeWhole(path.join(store.folder, pagePlace(digest, page)), sealedJson({ items: some }));
  }
  await store.push(`sweeps/${digest}/`);
  return digest;
}

/** The items of a page. @throws where it is missing or damaged: nothing can be made from it */
export async function readPage(store: Store, list: string, page: number): Promise<unknown[]> {
  return readItems(store, pagePlace(list, page));
}

/** Keeps what became of a page's cells in a run; `part` tells those of one page apart. */
export async function keepOutcomes(
  store: Store,
  { run, page, part }: { run: string; page: number; part: string },
  items: readonly object[],
): Promise<void> {
  const place = `${outcomesPlace(run)}${page}-${part}.json`;
  await writeWhole(path.join(store.folder, place), sealedJson({ items }));
  await store.push(place);
}

/** All outcomes of a run that were kept, page by page. */
export async function readOutcomes(
  store: Store,
  run: string,
  pages: number,
  parts: readonly string[],
): Promise<unknown[]> {
  await store.pull(outcomesPlace(run));
  const outcomes: unknown[] = [];
  for (let page = 0; page < pages; page++) {
    for (const part of parts) {
      const place = `${outcomesPlace(run)}${page}-${part}.json`;
      outcomes.push(...(await readItemsHere(store, place).catch(() => [])));
    }
  }
  return outcomes;
}

async function readItems(store: Store, place: string): Promise<unknown[]> {
  return readItemsHere(store, place).catch(async () => {
    await store.pull(place);
    return readItemsHere(store, place);
  });
}

async function readItemsHere({ folder }: Store, place: string): Promise<unknown[]> {
  const { items } = openSealedJson(await readFile(path.join(folder, place), 'utf8')) as { items: unknown[] };
  return items;
}

const pagePlace = (digest: string, page: number) => `sweeps/${digest}/${page}.json`;
const outcomesPlace = (run: string) => `outcomes/${run}/`;
