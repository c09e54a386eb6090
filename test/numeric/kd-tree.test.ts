// Claims about the tree: what it finds is what brute force finds, also among equal points and for few of them.
import { expect, test } from 'vitest';
import { KdTree } from '../../numeric/kd-tree.ts';
import { NearestHeap } from '../../numeric/nearest-heap.ts';
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

test.each([
  ['in the plane', 2000, 2, (random: Random) => random.normal()],
  ['in clusters', 2000, 2, (random: Random) => random.normal() * 1e-6 + random.integer(3)],
  ['on a coarse grid, with many ties', 1500, 2, (random: Random) => random.integer(12)],
  ['all equal', 300, 3, () => 7],
  ['on a line', 500, 1, (random: Random) => random.uniform(0, 1)],
  ['in forty dimensions', 400, 40, (random: Random) => random.normal()],
  ['fewer than a leaf holds', 9, 2, (random: Random) => random.normal()],
] as const)('the nearest %s are those of brute force', (_, n, d, draw) => {
  const random = new Random(n + d);
  const data = Float64Array.from({ length: n * d }, () => draw(random));
  const members = Int32Array.from({ length: n }, (_, i) => i).filter(i => i % 5 !== 0);
  const tree = new KdTree(data, d, members);
  const heap = new NearestHeap(7);
  for (let query = 0; query < n; query += 5) {
    heap.clear();
    tree.search(data, query, heap);
    heap.sort();
    expect([...heap.indices]).toEqual(bruteForce(data, d, members, query, 7));
  }
});
