// Splits that keep the classes' shares: scikit-learn's train/test split, number by number, and small subsets.

import type { Random } from '../random.ts';
import { classesOf } from './classes.ts';
import { NumpyRandom } from './numpy-random.ts';

export interface Split {
  readonly trainIndices: Int32Array;
  readonly testIndices: Int32Array;
}

/**
 * The split of scikit-learn's `train_test_split(arange(n), test_size=testFraction, random_state=seed,
 * stratify=labels)`, in the same order (StratifiedShuffleSplit, sklearn/model_selection/_split.py). The test
 * part has ⌈n · testFraction⌉ members. Throws `RangeError` where a class has one member, or a part fewer
 * members than there are classes.
 */
export function stratifiedSplit(
  labels: ArrayLike<number>,
  { testFraction = 0.1, seed = 0 }: { testFraction?: number; seed?: number } = {},
): Split {
  const testCount = Math.ceil(testFraction * labels.length);
  const trainCount = labels.length - testCount;
  const { members } = splittableClasses(labels, trainCount, testCount);
  const random = new NumpyRandom(seed);
  const sizes = members.map(({ length }) => length);
  const trainSizes = approximateMode(sizes, trainCount, random);
  const remaining = sizes.map((size, c) => size - trainSizes[c]);
  const testSizes = approximateMode(remaining, testCount, random);
  const train = new Int32Array(trainCount);
  const test = new Int32Array(testCount);
  let [trained, tested] = [0, 0];
  members.forEach((positions, c) => {
    const shuffled = random.permutation(positions);
    train.set(shuffled.subarray(0, trainSizes[c]), trained);
    test.set(shuffled.subarray(trainSizes[c], trainSizes[c] + testSizes[c]), tested);
    trained += trainSizes[c];
    tested += testSizes[c];
  });
  return { trainIndices: random.permutation(train), testIndices: random.permutation(test) };
}

function splittableClasses(labels: ArrayLike<number>, trainCount: number, testCount: number) {
  const classes = classesOf(labels);
  const alone = classes.labels.filter((_, c) => classes.members[c].length < 2);
  if (alone.length > 0) {
    throw new RangeError(
      `stratified split: every class needs two members, but of label ${alone.join(', ')} there is only one; leave it out or merge it`,
    );
  }
  const smaller = Math.min(trainCount, testCount);
  if (labels.length === 0 || smaller < classes.labels.length) {
    throw new RangeError(
      `stratified split: ${labels.length} labels of ${classes.labels.length} classes split into ${trainCount} and ${testCount}: each part needs a place for every class; use more images or another test fraction`,
    );
  }
  return classes;
}

/**
 * How many of each class a draw without replacement most likely holds
 * (`sklearn.utils.extmath._approximate_mode`).
 */
function approximateMode(sizes: readonly number[], draws: number, random: NumpyRandom): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const ideal = sizes.map(size => (size / total) * draws);
  const counts = ideal.map(Math.floor);
  const remainders = ideal.map((value, c) => value - counts[c]);
  let missing = draws - counts.reduce((sum, count) => sum + count, 0);
  for (const value of [...new Set(remainders)].sort((a, b) => b - a)) {
    if (missing <= 0) break;
    const tied = remainders.flatMap((remainder, c) => (remainder === value ? [c] : []));
    const chosen = random.choice(tied, Math.min(tied.length, missing));
    for (const c of chosen) counts[c]++;
    missing -= chosen.length;
  }
  return counts;
}

/**
 * `count` positions, ascending, drawn so that classes keep their shares (largest remainder), and every class
 * at least two members, or all that it has, so that the subset can be split again. Throws `RangeError` where
 * `count` is too small or too large.
 */
export function stratifiedSubset(labels: ArrayLike<number>, count: number, random: Random): Int32Array {
  const { members } = classesOf(labels);
  const least = members.map(({ length }) => Math.min(2, length));
  const needed = least.reduce((sum, size) => sum + size, 0);
  if (!Number.isInteger(count) || count < needed || count > labels.length) {
    throw new RangeError(
      `stratified subset: of ${labels.length} labels in ${members.length} classes ${needed} … ${labels.length} can be taken, not ${count}`,
    );
  }
  const sizes = sharesOf(
    members.map(({ length }) => length),
    least,
    count,
  );
  const chosen = members.flatMap((positions, c) =>
    Array.from(
      random.fork('class', c).permutation(positions.length).subarray(0, sizes[c]),
      i => positions[i],
    ),
  );
  return Int32Array.from(chosen).sort();
}

/** Whole shares of `count` proportional to `sizes` by largest remainder, none below `least`. */
function sharesOf(sizes: readonly number[], least: readonly number[], count: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const ideal = sizes.map(size => (size * count) / total);
  const shares = ideal.map((value, c) => Math.max(least[c], Math.floor(value)));
  const excess = (c: number) => shares[c] - ideal[c];
  let missing = count - shares.reduce((sum, share) => sum + share, 0);
  for (; missing > 0; missing--) {
    shares[
      extreme(
        sizes,
        c => shares[c] < sizes[c],
        c => -excess(c),
      )
    ]++;
  }
  for (; missing < 0; missing++) {
    shares[extreme(sizes, c => shares[c] > least[c], excess)]--;
  }
  return shares;
}

/** The first class among those allowed for which `value` is largest. */
function extreme(
  classes: readonly unknown[],
  allowed: (c: number) => boolean,
  value: (c: number) => number,
): number {
  let best = -1;
  for (let c = 0; c < classes.length; c++) {
    if (allowed(c) && (best < 0 || value(c) > value(best))) best = c;
  }
  return best;
}
