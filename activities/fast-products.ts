// Which library multiplies matrices in the search for neighbours: TensorFlow, where there is enough to multiply.
import type { MatrixProducts } from '../numeric/matrix-products.ts';

/** Below, TensorFlow takes longer to load than it saves. */
const worthFrom = 5_000; // points

/** For t-SNE of `n` points; loads TensorFlow (some 300 MB of memory) only where it is worth it. */
export async function fastProducts(n: number): Promise<MatrixProducts | undefined> {
  if (n < worthFrom) return undefined;
  return (await import('../learning/matrix-products.ts')).matrixProducts;
}
