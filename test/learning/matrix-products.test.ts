// Claims about TensorFlow's products: they are what the search for neighbours counts on, and leave no tensor behind.
import { expect, test } from 'vitest';
import { tf } from '../../learning/tensorflow/backend.ts';
import { matrixProducts } from '../../learning/tensorflow/matrix-products.ts';
import { ndarray } from '../../numeric/arrays/array.ts';
import { nearestNeighbours } from '../../numeric/neighbours/nearest-neighbours.ts';
import { Random } from '../../numeric/random.ts';

function normal(n: number, d: number): Float32Array {
  const random = new Random(n + d);
  return Float32Array.from({ length: n * d }, () => random.normal());
}

test('all inner products, within the bound of float32 sums', () => {
  const [rows, others, d] = [37, 53, 700];
  const [a, b] = [normal(rows, d), normal(others, d)];
  const [left, right] = [matrixProducts.load(a, rows, d), matrixProducts.load(b, others, d)];
  const products = left.times(right);
  left.dispose();
  right.dispose();
  expect(products).toHaveLength(rows * others);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < others; j++) {
      let [sum, magnitude] = [0, 0];
      for (let axis = 0; axis < d; axis++) {
        sum += a[i * d + axis] * b[j * d + axis];
        magnitude += Math.abs(a[i * d + axis] * b[j * d + axis]);
      }
      expect(Math.abs(products[i * others + j] - sum)).toBeLessThan(d * 2 ** -24 * magnitude);
    }
  }
});

test('neighbours through TensorFlow are the same to the bit', async () => {
  const x = ndarray(normal(2500, 40), [2500, 40]);
  const before = tf.memory().numTensors;
  expect(await nearestNeighbours(x, 25, { products: matrixProducts })).toEqual(
    await nearestNeighbours(x, 25),
  );
  expect(tf.memory().numTensors).toBe(before);
});
