// Arrays with a shape, in C order: what .npy files, tensors and images have in common.

export type TypedArray = Float64Array | Float32Array | Int32Array | Uint8Array;

/** A dense array in C order: `data.length` is the product of `shape` (a scalar has shape `[]`). */
export interface NdArray<T extends TypedArray = TypedArray> {
  readonly data: T;
  readonly shape: readonly number[];
}

/** The number of elements that a shape holds. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Joins data and shape; throws `RangeError` if they disagree. */
export function ndarray<T extends TypedArray>(data: T, shape: readonly number[]): NdArray<T> {
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(`array: shape [${shape}] holds ${sizeOf(shape)} elements, got ${data.length}`);
  }
  return { data, shape };
}

/** The rows `indices` of an array, along its first axis, copied in that order. */
export function takeRows<T extends TypedArray>(array: NdArray<T>, indices: ArrayLike<number>): NdArray<T> {
  const [, ...rest] = array.shape;
  const stride = sizeOf(rest);
  const data = new (array.data.constructor as new (length: number) => T)(indices.length * stride);
  for (let row = 0; row < indices.length; row++) {
    data.set(array.data.subarray(indices[row] * stride, (indices[row] + 1) * stride), row * stride);
  }
  return { data, shape: [indices.length, ...rest] };
}

/** The rows of several arrays `[some, …]`, of which there is one at least, one below the other. */
export function joinRows<T extends TypedArray>(parts: readonly NdArray<T>[]): NdArray<T> {
  const [
    {
      data: model,
      shape: [, ...rest],
    },
  ] = parts;
  const n = parts.reduce((sum, { shape }) => sum + shape[0], 0);
  const data = new (model.constructor as new (length: number) => T)(n * sizeOf(rest));
  let position = 0;
  for (const part of parts) {
    data.set(part.data, position);
    position += part.data.length;
  }
  return { data, shape: [n, ...rest] };
}

/** The same elements as a matrix, a row for each entry of the first axis: `[n, height, width, 3]` → `[n, height · width · 3]`. */
export function asRows<T extends TypedArray>({ data, shape: [n, ...rest] }: NdArray<T>): NdArray<T> {
  return ndarray(data, [n, sizeOf(rest)]);
}

/** Whether there is neither NaN nor an infinite value. */
export function allFinite(values: TypedArray): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false; // a third of the time of `every`
  return true;
}

/** Points `[n, d]`. */
export type Data = NdArray<Float32Array | Float64Array | Uint8Array>;

/** The mean over rows, `[d]`. */
export function meanOf({ data, shape: [n, d] }: Data): Float64Array {
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let axis = 0; axis < d; axis++) mean[axis] += data[i * d + axis];
  return mean.map(sum => sum / n);
}
