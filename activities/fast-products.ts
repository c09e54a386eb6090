// Which library multiplies matrices in the search for neighbours: TensorFlow, where there is enough to multiply.
import type { MatrixProducts } from '../numeric/neighbours/matrix-products.ts';

/** Multiplications, n² · d, below which TensorFlow takes longer to load (a second) than it saves: 3,000 points of 56 dimensions. */
const worthFrom = 5e8;

/** For t-SNE of points `[n, d]`; loads TensorFlow (some 300 MB of memory) only where it is worth it. */
export async function fastProducts([n, d]: readonly number[]): Promise<MatrixProducts | undefined> {
  if (n * n * d < worthFrom) return undefined;
  return (await import('../learning/tensorflow/matrix-products.ts')).matrixProducts;
}
