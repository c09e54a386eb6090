// What an artifact is made from, and the key that follows from it (design of Nix's and Bazel's caches: key = hash of the recipe).
import { createHash } from 'node:crypto';

/** Everything that decides what a step makes. Inputs are content digests: an input remade alike changes no key. */
export interface Recipe {
  step: string;
  /** Raised by hand when the step's code changes what it makes. */
  version: number;
  settings: unknown;
  /** Role → digest of the artifact that is read under it. */
  inputs: Record<string, string>;
}

/** The key of a recipe: 64 hexadecimal digits of SHA-256 over its canonical JSON. */
export function keyOf(recipe: Recipe): string {
  return createHash('sha256').update(canonicalJson(recipe)).digest('hex');
}

/** JSON with sorted keys and no absent members, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** The first place where two recipes differ, as a path (`settings.stages.0.epochs`); undefined if they are equal. */
export function firstDifference(a: unknown, b: unknown, place: string[] = []): string | undefined {
  if (canonicalJson(a) === canonicalJson(b)) return undefined;
  const bothObjects = [a, b].every(value => value !== null && typeof value === 'object');
  if (!bothObjects) return place.join('.');
  const [left, right] = [a, b] as Record<string, unknown>[];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  for (const name of names) {
    if (canonicalJson(left[name] ?? null) === canonicalJson(right[name] ?? null)) continue;
    return firstDifference(left[name] ?? null, right[name] ?? null, [...place, name]);
  }
  return place.join('.');
}
