// Claims about tree and grid: what they find is what brute force finds, also among equal points, crowds and outliers.
import { expect, test } from 'vitest';
import { KdTree } from '../../numeric/kd-tree.ts';
import { NearestHeap } from '../../numeric/nearest-heap.ts';
import { PlaneGrid } from '../../numeric/plane-grid.ts';
import { Random } from '../../numeric/random.ts';

/** Sorted by distance, then by index. */
function bruteForce(data: Float64Array, d: number, members: Int32Array, query: number, k: number): number[] {
  const squared = (j: number) => {
    let sum = 0;
    for (let axis = 0; axis < d; axis++) sum += (data[query * d + axis] - data[j * d + axis]) ** 2;
    return sum;
  };
  return [...members].sort((a, b) => squared(a) - squared(b) || a - b).slice(0, k);
}

type Draw = (random: Random, axis: number) => number;

/** Draws `[n, d]`, indexes four fifths of it, and looks for the nearest to each of the others. */
function holdAgainstBruteForce(n: number, d: number, draw: Draw, indexOf: typeof treeOf) {
  const random = new Random(n + d);
  const data = Float64Array.from({ length: n * d }, (_, i) => draw(random, i % d));
  const members = Int32Array.from({ length: n }, (_, i) => i).filter(i => i % 5 !== 0);
  const index = indexOf(data, d, members);
  const heap = new NearestHeap(7);
  for (let query = 0; query < n; query += 5) {
    heap.clear();
    index.search(data, query, heap);
    heap.sort();
    expect([...heap.indices]).toEqual(bruteForce(data, d, members, query, 7));
  }
}

const treeOf = (data: Float64Array, d: number, members: Int32Array): KdTree | PlaneGrid =>
  new KdTree(data, d, members);
const gridOf = (data: Float64Array, _: number, members: Int32Array) => new PlaneGrid(data, members);

const inThePlane: [string, number, Draw][] = [
  ['in the plane', 2000, random => random.normal()],
  ['in clusters', 2000, random => random.normal() * 1e-6 + random.integer(3)],
  ['on a coarse grid, with many ties', 1500, random => random.integer(12)],
  ['beside outliers', 2000, random => random.normal() * (random.integer(200) === 0 ? 1e7 : 1)],
  ['far from the origin', 1000, random => 1e9 + random.normal()],
  ['on a level line', 500, (random, axis) => (axis === 0 ? random.normal() : 3)],
  ['almost on an upright line', 500, (random, axis) => random.normal() * (axis === 0 ? 1e-12 : 1)],
  ['all equal', 300, () => 7],
  ['fewer than a leaf holds', 9, random => random.normal()],
];

test.each(inThePlane)('a grid: the nearest %s are those of brute force', (_, n, draw) => {
  holdAgainstBruteForce(n, 2, draw, gridOf);
});

test.each([
  ...inThePlane.map(([name, n, draw]) => [name, n, 2, draw] as const),
  ['on a line', 500, 1, (random: Random) => random.uniform(0, 1)],
  ['in forty dimensions', 400, 40, (random: Random) => random.normal()],
] as const)('a tree: the nearest %s are those of brute force', (_, n, d, draw) => {
  holdAgainstBruteForce(n, d, draw, treeOf);
});
