// A split that keeps groups whole: no patient, slide or original is on both sides.
import { classesOf } from './classes.ts';
import { NumpyRandom } from './numpy-random.ts';
import { type Split, stratifiedSplit } from './stratified-split.ts';

export type { Split };

/** The split of the kNN score: stratified, or where there are groups, by them. */
export function splitFor(
  labels: ArrayLike<number>,
  groups: ArrayLike<number> | undefined,
  options: { testFraction?: number; seed?: number } = {},
): Split {
  return groups ? groupedSplit(labels, groups, options) : stratifiedSplit(labels, options);
}

/**
 * Splits 0 … n − 1 so that every group lies on one side, and the test part comes as near as whole groups allow to `testFraction` of
 * every class: largest groups first, those of one size in the seed's order, each goes to the test part where that brings its counts
 * by class nearer (squared; as scikit-learn's StratifiedGroupKFold, which makes all folds at once, weighs them).
 * @param groups `[n]`, whole numbers
 * @throws RangeError where there are fewer than two groups
 */
export function groupedSplit(
  labels: ArrayLike<number>,
  groups: ArrayLike<number>,
  { testFraction = 0.1, seed = 0 }: { testFraction?: number; seed?: number } = {},
): Split {
  const { members } = classesOf(groups);
  if (members.length < 2)
    throw new RangeError(`grouped split: ${members.length} group; two at least are needed`);
  const classes = classesOf(labels);
  const wanted = classes.members.map(({ length }) => testFraction * length);
  const countsOf = (group: Int32Array) =>
    Array.from(classes.labels, label => group.reduce((sum, i) => sum + Number(labels[i] === label), 0));
  const order = Array.from(
    new NumpyRandom(seed).permutation(Int32Array.from(members.keys())),
    group => members[group],
  );
  order.sort((a, b) => b.length - a.length);
  let tested = wanted.map(() => 0);
  const test: Int32Array[] = [];
  const cost = (counts: readonly number[]) =>
    counts.reduce((sum, count, c) => sum + (count - wanted[c]) ** 2, 0);
  for (const group of order) {
    const counts = countsOf(group);
    const together = tested.map((count, c) => count + counts[c]);
    if (cost(together) >= cost(tested)) continue;
    tested = together;
    test.push(group);
  }
  if (test.length === 0) test.push(order.at(-1)!); // each is more than twice what is wanted: the smallest
  const inTest = new Uint8Array(labels.length);
  for (const group of test) for (const i of group) inTest[i] = 1;
  const all = Int32Array.from(inTest.keys());
  return { trainIndices: all.filter(i => !inTest[i]), testIndices: all.filter(i => inTest[i]) };
}
