import { expect, test } from 'vitest';
import type { Data } from '../../numeric/arrays/array.ts';
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import type { LoadedMatrix, MatrixProducts } from '../../numeric/neighbours/matrix-products.ts';
import { nearestNeighbours } from '../../numeric/neighbours/nearest-neighbours.ts';
import { NeighbourCandidates } from '../../numeric/neighbours/neighbour-candidates.ts';
import { Random } from '../../numeric/random.ts';

function bruteForce({ data, shape: [n, d] }: Data, k: number): number[] {
  return Array.from({ length: n }, (_, i) => {
    const distances = Array.from({ length: n }, (_, j) => {
      let sum = 0;
      for (let axis = 0; axis < d; axis++) sum += (data[i * d + axis] - data[j * d + axis]) ** 2;
      return sum;
    });
    const others = [...distances.keys()].filter(j => j !== i);
    return others.sort((a, b) => distances[a] - distances[b] || a - b).slice(0, k);
  }).flat();
}

/** Pictures of a few overlapping waves: much variance in few directions, as images have. */
function pictures(n: number, d: number): NdArray<Uint8Array> {
  const random = new Random(n * d);
  const data = new Uint8Array(n * d);
  for (let i = 0; i < n; i++) {
    const [phase, frequency, level] = [random.uniform(0, 6), random.uniform(1, 4), random.uniform(60, 120)];
    for (let axis = 0; axis < d; axis++) {
      data[i * d + axis] = level + 50 * Math.sin(phase + (frequency * axis) / 20) + 10 * random.normal();
    }
  }
  return ndarray(data, [n, d]);
}

test.each([
  ['through bounds of several levels', pictures(500, 240), 30],
  ['without bounds, few dimensions', pictures(150, 9), 149],
  [
    'with many equal points',
    ndarray(
      pictures(300, 64).data.map(level => level >> 6),
      [300, 64],
    ),
    20,
  ],
  [
    'of float32, not of zero mean',
    ndarray(
      Float32Array.from(pictures(300, 100).data, level => level / 7 + 1000),
      [300, 100],
    ),
    15,
  ],
])('the neighbours are those of brute force: %s', async (_, x, k) => {
  const { indices, squaredDistances } = await nearestNeighbours(x, k);
  expect([...indices]).toEqual(bruteForce(x, k));
  const d = x.shape[1];
  indices.forEach((j, place) => {
    const i = Math.floor(place / k);
    let sum = 0;
    for (let axis = 0; axis < d; axis++) sum += (x.data[i * d + axis] - x.data[j * d + axis]) ** 2;
    expect(Math.abs(squaredDistances[place] - sum)).toBeLessThanOrEqual(1e-12 * sum);
  });
});

/** Float32 products in plain form, every operation rounded. */
const roundedProducts: MatrixProducts = {
  load: (values, rows, d) => ({ values, d, rows, times, take, dispose() {} }),
  join: matrices => {
    const values = (matrices as (LoadedMatrix & Rows)[]).flatMap(matrix => [...matrix.values]);
    return roundedProducts.load(Float32Array.from(values), values.length / matrices[0].d, matrices[0].d);
  },
};
function take(this: LoadedMatrix & Rows, rows: Int32Array): LoadedMatrix {
  const values = [...rows].flatMap(row => [...this.values.subarray(row * this.d, (row + 1) * this.d)]);
  return roundedProducts.load(Float32Array.from(values), rows.length, this.d);
}
function times(this: LoadedMatrix & Rows, other: LoadedMatrix & Partial<Rows>): Float32Array {
  const result = new Float32Array(this.rows * other.rows);
  for (let i = 0; i < this.rows; i++) {
    for (let j = 0; j < other.rows; j++) {
      let sum = 0;
      for (let axis = 0; axis < this.d; axis++) {
        const product = Math.fround(this.values[i * this.d + axis] * other.values![j * this.d + axis]);
        sum = Math.fround(sum + product);
      }
      result[i * other.rows + j] = sum;
    }
  }
  return result;
}
interface Rows {
  values: Float32Array;
}

test.each([
  ['pictures, more than a tile', pictures(2100, 12), 30],
  ['few dimensions', pictures(300, 2), 10],
  [
    'far from the origin',
    ndarray(
      Float64Array.from(pictures(300, 40).data, level => level + 1e6),
      [300, 40],
    ),
    15,
  ],
  [
    'one far away',
    ndarray(
      Float32Array.from(pictures(300, 40).data, (level, i) => (i < 40 ? 2000 : level)),
      [300, 40],
    ),
    15,
  ],
  [
    'very small numbers',
    ndarray(
      Float64Array.from(pictures(300, 40).data, level => level * 1e-100),
      [300, 40],
    ),
    15,
  ],
] as [string, Data, number][])(
  'through float32 products they are the same to the bit: %s',
  async (_, x, k) => {
    expect(await nearestNeighbours(x, k, { products: roundedProducts })).toEqual(
      await nearestNeighbours(x, k),
    );
  },
);

/** Points along a curve, in no order: near ones are near on it, and most pairs of tiles are far apart. */
function curve(n: number, d: number): NdArray<Float32Array> {
  const random = new Random(n);
  const data = new Float32Array(n * d);
  for (let i = 0; i < n; i++) {
    const place = random.uniform(0, 40);
    for (let axis = 0; axis < d; axis++)
      data[i * d + axis] = 5 * Math.sin(place / 6 + axis) + random.normal() / 1000;
  }
  return ndarray(data, [n, d]);
}

test('tiles beyond the neighbours found are spared, and rows are picked out of those that reach them', async () => {
  const x = curve(3000, 4);
  const done = { products: 0, picked: 0 };
  const counting = (matrix: LoadedMatrix): LoadedMatrix => ({
    ...matrix,
    times(other) {
      done.products += matrix.rows * other.rows;
      return matrix.times(other);
    },
    take(rows) {
      done.picked += rows.length;
      return counting(matrix.take(rows));
    },
  });
  const products: MatrixProducts = {
    load: (...matrix) => counting(roundedProducts.load(...matrix)),
    join: matrices => counting(roundedProducts.join(matrices)),
  };
  expect(await nearestNeighbours(x, 10, { products })).toEqual(await nearestNeighbours(x, 10));
  expect(done.picked).toBeGreaterThan(0);
  expect(done.products).toBeLessThan(0.6 * (3000 ** 2 / 2));
});

test('where float32 does not tell enough points apart, all are candidates', () => {
  const all = { first: 0, rows: 200 };
  const candidates = new NeighbourCandidates(new Float64Array(200).fill(1), 10, 5);
  candidates.addBoth(new Float32Array(200 * 200).fill(1), all, all);
  candidates.finish();
  expect([...new Set(candidates.counts)]).toEqual([-1]);
});

test('float32 products that cannot tell points apart are not relied on', async () => {
  const tight = ndarray(
    Float64Array.from(pictures(900, 10).data, (level, i) => level * 1e-9 + (i < 4500 ? 0 : 1)),
    [900, 10],
  );
  const { indices } = await nearestNeighbours(tight, 20, { products: roundedProducts });
  expect(indices).toEqual((await nearestNeighbours(tight, 20)).indices);
});

test('the number of threads changes nothing', async () => {
  const x = pictures(400, 100);
  expect(await nearestNeighbours(x, 10, { threads: 1 })).toEqual(
    await nearestNeighbours(x, 10, { threads: 3 }),
  );
});

test('more neighbours than there are others is refused', async () => {
  await expect(nearestNeighbours(pictures(10, 4), 10)).rejects.toThrow('of 10 points each has 1 … 9, not 10');
});
