// What a store holds, to be held against another: every artifact's digest, by its step and key.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

export async function artifactDigests(home: string): Promise<Record<string, string>> {
  return Object.fromEntries((await manifestsOf(home)).map(({ name, digest }) => [name, digest]));
}

/** When each artifact was begun, by its step and key. */
export async function artifactStarts(home: string): Promise<Map<string, string>> {
  return new Map((await manifestsOf(home)).map(({ name, provenance }) => [name, provenance.startedAt]));
}

async function manifestsOf(home: string) {
  const folder = path.join(home, 'store', 'artifacts');
  const found: { name: string; digest: string; provenance: { startedAt: string } }[] = [];
  for (const group of await readdir(folder)) {
    for (const key of await readdir(path.join(folder, group))) {
      const manifest = JSON.parse(await readFile(path.join(folder, group, key, 'manifest.json'), 'utf8'));
      found.push({ ...manifest, name: `${manifest.recipe.step} ${key}` });
    }
  }
  return found;
}

/** What either of two stores holds, and what of it the other does not have, or has otherwise. */
export function compareDigests(one: Record<string, string>, other: Record<string, string>) {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return { artifacts: names.length, different: names.filter(name => one[name] !== other[name]) };
}
