// How compact and apart classes lie: the silhouette (Rousseeuw, 1987), as scikit-learn's silhouette_score.
import { allFinite, type NdArray } from '../arrays/array.ts';
import { oneMemberTeam, runTeam, sharedArray, type TeamOptions } from '../threads/thread-team.ts';
import { classesOf } from './classes.ts';
import { addAllDistances, type DistanceTask, distanceTask } from './silhouette-distances.ts';

type Points = NdArray<Float32Array | Float64Array>;

/** The mean silhouette over all points, −1 … 1; see `silhouetteSamples`. */
export async function silhouette(
  embedding: Points,
  labels: ArrayLike<number>,
  options: TeamOptions = {},
): Promise<number> {
  const samples = await silhouetteSamples(embedding, labels, options);
  return samples.reduce((sum, value) => sum + value, 0) / samples.length;
}

/** Below it threads take longer to start than they save. */
const threadsFrom = 15_000;

/**
 * For each point (b − a) / max(a, b): a is its mean Euclidean distance to the others of its class, b the
 * smallest mean distance to another class. A point alone in its class counts 0, as does one with a = b = 0.
 * Every pair once, in float64, no matrix: memory grows with n · classes. The threads do not change a bit of it.
 * @param embedding `[n, d]`
 */
export async function silhouetteSamples(
  embedding: Points,
  labels: ArrayLike<number>,
  options: TeamOptions = {},
): Promise<Float64Array> {
  const [n, d] = embedding.shape;
  if (labels.length !== n) throw new RangeError(`silhouette: ${n} points, but ${labels.length} labels`);
  if (!allFinite(embedding.data)) {
    throw new RangeError(
      'silhouette: the embedding holds NaN or infinite values; its training or t-SNE diverged',
    );
  }
  const { members } = classesOf(labels);
  if (members.length < 2 || members.length >= n) {
    throw new RangeError(`silhouette: needs 2 … n − 1 classes, got ${members.length} for ${n} points`);
  }
  const task = await distanceTask(columnsByClass(embedding.data, d, members), startsOf(members));
  if (n < threadsFrom) addAllDistances(task, oneMemberTeam());
  else await runTeam(new URL('./silhouette.thread.ts', import.meta.url), task, options);
  return fromSums(task, members, n);
}

/** Where each class begins when points stand class by class, and where the last ends. */
function startsOf(members: readonly Int32Array[]): Int32Array {
  const starts = new Int32Array(members.length + 1);
  members.forEach(({ length }, one) => {
    starts[one + 1] = starts[one] + length;
  });
  return starts;
}

/** The points class by class, coordinate by coordinate: `[d, n]`. */
function columnsByClass(
  data: Float32Array | Float64Array,
  d: number,
  members: readonly Int32Array[],
): Float64Array[] {
  return Array.from({ length: d }, (_, axis) => {
    const column = sharedArray(Float64Array, data.length / d);
    let place = 0;
    for (const positions of members) for (const i of positions) column[place++] = data[i * d + axis];
    return column;
  });
}

function fromSums({ sums, starts }: DistanceTask, members: readonly Int32Array[], n: number): Float64Array {
  const values = new Float64Array(n);
  const distances = (one: number, place: number) => sums.reduce((sum, strip) => sum + strip[one][place], 0);
  members.forEach((positions, own) => {
    if (positions.length === 1) return;
    positions.forEach((position, i) => {
      const place = starts[own] + i;
      const within = distances(own, place) / (positions.length - 1);
      let between = Number.POSITIVE_INFINITY;
      members.forEach(({ length }, other) => {
        if (other !== own) between = Math.min(between, distances(other, place) / length);
      });
      const larger = Math.max(within, between);
      values[position] = larger > 0 ? (between - within) / larger : 0;
    });
  });
  return values;
}
