// Products of float32 matrices by TensorFlow, for numeric/neighbours/nearest-neighbours.ts.
import type { LoadedMatrix, MatrixProducts } from '../../numeric/neighbours/matrix-products.ts';
import { type Tensor, tf } from './backend.ts';

class TensorMatrix implements LoadedMatrix {
  readonly rows: number;
  readonly d: number;
  readonly #tensor: Tensor;

  constructor(tensor: Tensor) {
    [this.rows, this.d] = tensor.shape as [number, number];
    this.#tensor = tensor;
  }

  /** The tensor of a matrix that was loaded here. */
  static tensorOf(matrix: LoadedMatrix): Tensor {
    if (!(matrix instanceof TensorMatrix))
      throw new TypeError('matrix products: of matrices loaded here only');
    return matrix.#tensor;
  }

  times(other: LoadedMatrix): Float32Array {
    const product = tf.matMul(this.#tensor as never, TensorMatrix.tensorOf(other) as never, false, true);
    const values = product.dataSync() as Float32Array;
    product.dispose();
    return values;
  }

  take(rows: Int32Array): LoadedMatrix {
    const indices = tf.tensor1d(rows, 'int32');
    const taken = tf.gather(this.#tensor, indices);
    indices.dispose();
    return new TensorMatrix(taken);
  }

  dispose(): void {
    this.#tensor.dispose();
  }
}

export const matrixProducts: MatrixProducts = {
  load: (values, rows, d) => new TensorMatrix(tf.tensor2d(values, [rows, d])),
  join: matrices => new TensorMatrix(tf.concat(matrices.map(TensorMatrix.tensorOf), 0)),
};
