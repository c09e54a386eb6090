// Where a class is densest: the places that Figure 4 points at, found by a rule instead of by hand.
import { NearestHeap } from '../../numeric/neighbours/nearest-heap.ts';
import { PlaneGrid } from '../../numeric/neighbours/plane-grid.ts';
import { Random } from '../../numeric/random.ts';
import type { EmbeddedCell } from '../figures/embedding.ts';

/** A place in the embedding that stands for a cluster of a class. */
export interface ClusterTip {
  readonly label: number;
  /** The cluster's rank within its class: the first is the densest, and named. */
  readonly rank: number;
  readonly x: number;
  readonly y: number;
  /** Random ones of the nearest images, of whatever class. */
  readonly images: readonly number[];
}

export interface TipSettings {
  readonly tipsPerClass: number;
  readonly imagesPerTip: number;
}

const [neighbours, candidates] = [20, 15]; // 15: the authors' choice for the images
/** How dense another cluster must be, beside the class's densest place, and how far from it, in radii of the class. */
const [leastDensity, leastDistance] = [0.15, 0.9];

/**
 * For each class the image whose 20 nearest of its class lie closest, then the next such places that are far from those before.
 * A class of fewer than 21 images is represented by its mid-most one.
 */
export function clusterTips(
  cell: EmbeddedCell,
  classCount: number,
  { tipsPerClass, imagesPerTip }: TipSettings,
): ClusterTip[] {
  const { data } = cell.embedding;
  const everyone = Int32Array.from(cell.labels.data, (_, image) => image);
  const all = new PlaneGrid(data, everyone);
  const random = new Random(0).fork('cluster tips');
  return Array.from({ length: classCount }, (_, label) => label).flatMap(label => {
    const members = everyone.filter(image => cell.labels.data[image] === label);
    if (members.length === 0) return [];
    return densestPlaces(data, members, tipsPerClass).map((centre, rank) => {
      const near = nearest(all, data, centre, Math.min(candidates, everyone.length));
      const order = random.fork(label, rank).permutation(near.length).subarray(0, imagesPerTip);
      const images = Array.from(order, i => near[i]);
      return { label, rank, x: data[2 * centre], y: data[2 * centre + 1], images };
    });
  });
}

function densestPlaces(data: Float32Array, members: Int32Array, count: number): number[] {
  const k = Math.min(neighbours, members.length - 1);
  if (k < 1) return [members[0]];
  const grid = new PlaneGrid(data, members);
  const heap = new NearestHeap(k + 1);
  const squaredRadii = Array.from(members, image => {
    heap.clear();
    grid.search(data, image, heap);
    return heap.worst;
  });
  const order = Array.from(members, (_, i) => i).sort((a, b) => squaredRadii[a] - squaredRadii[b]);
  const spread = radiusOf(data, members);
  const places: number[] = [];
  for (const i of order) {
    if (places.length === count || squaredRadii[i] * leastDensity > squaredRadii[order[0]]) break;
    const image = members[i];
    const apart = places.every(other => distance(data, image, other) > leastDistance * spread);
    if (apart) places.push(image);
  }
  return places;
}

/** The median distance of a class's images from their mean. */
function radiusOf(data: Float32Array, members: Int32Array): number {
  const [x, y] = [0, 1].map(
    axis => members.reduce((sum, image) => sum + data[2 * image + axis], 0) / members.length,
  );
  const distances = Array.from(members, image => Math.hypot(data[2 * image] - x, data[2 * image + 1] - y));
  return distances.sort((a, b) => a - b)[distances.length >> 1];
}

function distance(data: Float32Array, a: number, b: number): number {
  return Math.hypot(data[2 * a] - data[2 * b], data[2 * a + 1] - data[2 * b + 1]);
}

function nearest(grid: PlaneGrid, data: Float32Array, image: number, count: number): Int32Array {
  const heap = new NearestHeap(count);
  grid.search(data, image, heap);
  heap.sort();
  return heap.indices;
}
