// What a store holds, to be held against another: every artifact's digest, by its step and key.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

export async function artifactDigests(home: string): Promise<Record<string, string>> {
  const folder = path.join(home, 'store', 'artifacts');
  const found: Record<string, string> = {};
  for (const group of await readdir(folder)) {
    for (const key of await readdir(path.join(folder, group))) {
      const { recipe, digest } = JSON.parse(
        await readFile(path.join(folder, group, key, 'manifest.json'), 'utf8'),
      );
      found[`${recipe.step} ${key}`] = digest;
    }
  }
  return found;
}

/** What either of two stores holds, and what of it the other does not have, or has otherwise. */
export function compareDigests(one: Record<string, string>, other: Record<string, string>) {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return { artifacts: names.length, different: names.filter(name => one[name] !== other[name]) };
}
