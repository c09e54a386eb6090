// Inputs of golden cases as the types that functions ask for: an array of another type is refused, or converted without loss.
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';

/** Floating-point numbers; integers become float64. */
export function floats({ data, shape }: NdArray): NdArray<Float32Array | Float64Array> {
  if (data instanceof Float32Array || data instanceof Float64Array) return ndarray(data, shape);
  return ndarray(Float64Array.from(data), shape);
}

/** Floating-point numbers or levels 0 … 255; other integers become float64. */
export function numbers(array: NdArray): NdArray<Float32Array | Float64Array | Uint8Array> {
  return array.data instanceof Uint8Array ? ndarray(array.data, array.shape) : floats(array);
}

/** Single precision, as tensors are. */
export function singles({ data, shape }: NdArray): NdArray<Float32Array> {
  return ndarray(data instanceof Float32Array ? data : Float32Array.from(data), shape);
}

/** Images in 0 … 1: levels are divided by 255. */
export function fractions({ data, shape }: NdArray): NdArray<Float32Array> {
  if (!(data instanceof Uint8Array)) return singles(ndarray(data, shape));
  return ndarray(
    Float32Array.from(data, level => level / 255),
    shape,
  );
}

/** Whole numbers, as indices are. */
export function integers({ data }: NdArray): Int32Array {
  return data instanceof Int32Array ? data : Int32Array.from(data);
}
