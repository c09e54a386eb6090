// Which images two embeddings have in common, and where each stands on either side.
import type { Embedding } from '../embedding.ts';

/** Pairs of places: the image at `left[i]` of one side is that at `right[i]` of the other. */
export interface SharedImages {
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** The same image on the other side; undefined where that does not show it. */
  counterpart(image: number, from: 0 | 1): number | undefined;
}

type Side = Pick<Embedding, 'n' | 'data' | 'sourceIndices'>;

/** Those of the same place in the same whole; where that is not known, of the same place in data sets of one name and size. */
export function sharedImages(a: Side, b: Side): SharedImages {
  const pairs = isSameWhole(a, b) ? pairsOf(a, b) : [];
  const [left, right] = [0, 1].map(side => Int32Array.from(pairs, pair => pair[side]));
  const across = [new Map(pairs), new Map(pairs.map(([one, other]) => [other, one]))];
  return { left, right, counterpart: (image, from) => across[from].get(image) };
}

function isSameWhole({ data: a, n }: Side, { data: b, n: other }: Side): boolean {
  if (a.whole !== undefined && b.whole !== undefined) return a.whole === b.whole;
  return a.dataset === b.dataset && n === other;
}

function pairsOf(a: Side, b: Side): [number, number][] {
  const inB = new Map<number, number>();
  for (let image = 0; image < b.n; image++) inB.set(b.sourceIndices?.[image] ?? image, image);
  const pairs: [number, number][] = [];
  for (let image = 0; image < a.n; image++) {
    const there = inB.get(a.sourceIndices?.[image] ?? image);
    if (there !== undefined) pairs.push([image, there]);
  }
  return pairs;
}
