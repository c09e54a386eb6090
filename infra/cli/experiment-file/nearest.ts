// The right word that a wrong one is nearest to.
import { distance } from 'fastest-levenshtein';

/** The nearest of the words that are known; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 100) return undefined;
  const [first] = known
    .map(one => ({ one, far: distance(word.toLowerCase(), one.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  return first && first.far <= Math.max(2, first.one.length / 3) ? first.one : undefined;
}
