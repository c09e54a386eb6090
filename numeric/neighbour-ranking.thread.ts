// A thread of neighbours-by-products.ts: ranks the candidates of one point after the other by their true distances.
import { workerData } from 'node:worker_threads';
import type { TypedArray } from './array.ts';
import { NearestHeap } from './nearest-heap.ts';
import { squaredDistance } from './squared-distance.ts';
import { type Membership, Team } from './thread-team.ts';

export interface RankingTask {
  readonly membership: Membership;
  /** `[n, d]` */
  readonly x: TypedArray;
  readonly d: number;
  readonly k: number;
  /** `[n, room]`, of which each point has `counts` `[n]`, k at least */
  readonly candidates: Int32Array;
  readonly counts: Int32Array;
  readonly room: number;
  /** `[n, k]`: the results */
  readonly indices: Int32Array;
  readonly squaredDistances: Float64Array;
}

const { x, d, k, candidates, counts, room, indices, squaredDistances, membership }: RankingTask = workerData;
const query = new Float64Array(d);
const heap = new NearestHeap(k);

new Team(membership).shareRanges(counts.length, 64, (from, to) => {
  for (let i = from; i < to; i++) {
    for (let axis = 0; axis < d; axis++) query[axis] = x[i * d + axis];
    heap.clear();
    for (let place = i * room; place < i * room + counts[i]; place++) {
      const j = candidates[place];
      heap.offer(squaredDistance(query, x, j * d), j);
    }
    heap.sort();
    indices.set(heap.indices, i * k);
    squaredDistances.set(heap.distances, i * k);
  }
});
