// Claims about the grid: what it finds is what brute force finds, also among equal points, crowds and outliers.
import { expect, test } from 'vitest';
import { NearestHeap } from '../../numeric/neighbours/nearest-heap.ts';
import { PlaneGrid } from '../../numeric/neighbours/plane-grid.ts';
import { Random } from '../../numeric/random.ts';

/** Sorted by distance, then by index. */
function bruteForce(data: Float64Array, members: Int32Array, query: number, k: number): number[] {
  const squared = (j: number) =>
    (data[query * 2] - data[j * 2]) ** 2 + (data[query * 2 + 1] - data[j * 2 + 1]) ** 2;
  return [...members].sort((a, b) => squared(a) - squared(b) || a - b).slice(0, k);
}

type Draw = (random: Random, axis: number) => number;

test.each<[string, number, Draw]>([
  ['in the plane', 2000, random => random.normal()],
  ['in clusters', 2000, random => random.normal() * 1e-6 + random.integer(3)],
  [
    'in clusters of clusters',
    2000,
    random => random.normal() * 1e-9 + random.integer(3) * 1e-4 + random.integer(2),
  ],
  ['on a coarse grid, with many ties', 1500, random => random.integer(12)],
  ['beside outliers', 2000, random => random.normal() * (random.integer(200) === 0 ? 1e7 : 1)],
  ['nearer and nearer to a corner', 2000, random => 2 ** -random.integer(900)],
  ['far from the origin', 1000, random => 1e9 + random.normal()],
  ['on a level line', 500, (random, axis) => (axis === 0 ? random.normal() : 3)],
  ['almost on an upright line', 500, (random, axis) => random.normal() * (axis === 0 ? 1e-12 : 1)],
  ['less apart than numbers can be', 500, random => random.integer(20) * 5e-324],
  ['all equal', 300, () => 7],
  ['fewer than a cell holds', 9, random => random.normal()],
])('the nearest %s are those of brute force', (_, n, draw) => {
  const random = new Random(n + 2);
  const data = Float64Array.from({ length: n * 2 }, (_, i) => draw(random, i % 2));
  const members = Int32Array.from({ length: n }, (_, i) => i).filter(i => i % 5 !== 0);
  const grid = new PlaneGrid(data, members);
  const heap = new NearestHeap(7);
  for (let query = 0; query < n; query += 5) {
    heap.clear();
    grid.search(data, query, heap);
    heap.sort();
    expect([...heap.indices]).toEqual(bruteForce(data, members, query, 7));
  }
});
