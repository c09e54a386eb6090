// Products of float32 matrices by TensorFlow, for numeric/neighbours-by-products.ts.
import type { LoadedMatrix, MatrixProducts } from '../numeric/neighbours-by-products.ts';
import { type Tensor, tf } from './backend.ts';

class TensorMatrix implements LoadedMatrix {
  readonly rows: number;
  readonly #tensor: Tensor;

  constructor(values: Float32Array, rows: number, d: number) {
    this.rows = rows;
    this.#tensor = tf.tensor2d(values, [rows, d]);
  }

  times(other: LoadedMatrix): Float32Array {
    if (!(other instanceof TensorMatrix))
      throw new TypeError('matrix products: of matrices loaded here only');
    const product = tf.matMul(this.#tensor as never, other.#tensor as never, false, true);
    const values = product.dataSync() as Float32Array;
    product.dispose();
    return values;
  }

  dispose(): void {
    this.#tensor.dispose();
  }
}

export const matrixProducts: MatrixProducts = {
  load: (values, rows, d) => new TensorMatrix(values, rows, d),
};
