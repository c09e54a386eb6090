// A thread of nearest-neighbours.ts: ranks the candidates of one point after the other by their true distances.
import { parentPort, workerData } from 'node:worker_threads';
import type { TypedArray } from '../arrays/array.ts';
import { type Membership, Team } from '../threads/thread-team.ts';
import { NearestHeap } from './nearest-heap.ts';
import { squaredDistance } from './squared-distance.ts';

export interface RankingTask {
  readonly membership: Membership;
  /** `[n, d]` */
  readonly x: TypedArray;
  readonly d: number;
  readonly k: number;
  /** `[n]`: points by their places; near ones have near places */
  readonly order: Int32Array;
  /** `[n, room]`, of which each place has `counts` `[n]`, k at least: places of candidates; a count of −1 stands for all points */
  readonly candidates: Int32Array;
  readonly counts: Int32Array;
  readonly room: number;
  /** `[n, k]`: the results */
  readonly indices: Int32Array;
  readonly squaredDistances: Float64Array;
}

const { x, d, k, order, candidates, counts, room, indices, squaredDistances, membership }: RankingTask =
  workerData;
const query = new Float64Array(d);
const heap = new NearestHeap(k);

new Team(membership).shareRanges(counts.length, 64, (from, to) => {
  for (let place = from; place < to; place++) {
    const i = order[place];
    for (let axis = 0; axis < d; axis++) query[axis] = x[i * d + axis];
    heap.clear();
    if (counts[place] < 0) offerAll(i);
    else for (let at = place * room; at < place * room + counts[place]; at++) offer(order[candidates[at]]);
    heap.sort();
    indices.set(heap.indices, i * k);
    squaredDistances.set(heap.distances, i * k);
  }
  if (room === 0) parentPort?.postMessage(to); // about so many of the team's points are done
});

function offerAll(i: number): void {
  for (let j = 0; j < counts.length; j++) if (j !== i) offer(j);
}

function offer(j: number): void {
  heap.offer(squaredDistance(query, x, j * d), j);
}
