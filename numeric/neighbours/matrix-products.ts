// What multiplies float32 matrices fast, where a library does: `numeric` has none of its own.

export interface MatrixProducts {
  /** Takes a matrix `[rows, d]` in, for any number of products. */
  load(values: Float32Array, rows: number, d: number): LoadedMatrix;
  /** The rows of all, one after the other, as a matrix of their own. */
  join(matrices: readonly LoadedMatrix[]): LoadedMatrix;
}

export interface LoadedMatrix {
  readonly rows: number;
  readonly d: number;
  /** The inner products of all rows with those of another `[rows, other.rows]`, in full float32. */
  times(other: LoadedMatrix): Float32Array;
  /** Some of the rows, in that order, as a matrix of their own. */
  take(rows: Int32Array): LoadedMatrix;
  dispose(): void;
}
