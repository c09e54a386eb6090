// Inputs of reference cases as the types that functions ask for (an array of another type is converted without loss), and results under
// the names that cases have for them.
import type { z } from 'zod';
import type { NamedTensors } from '../../learning/weights/named-tensors.ts';
import { type Data, type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import type { Actual, Check } from './golden-case.ts';

/** A check that takes these of a case's parameters. */
export function checkWith<Parameters>(
  schema: z.ZodType<Parameters>,
  check: (parameters: Parameters, inputs: Record<string, NdArray>) => Actual | Promise<Actual>,
): Check {
  return ({ parameters, inputs }) => check(schema.parse(parameters), inputs);
}

/** Floating-point numbers; integers become float64. */
export function floats({ data, shape }: NdArray): NdArray<Float32Array | Float64Array> {
  if (data instanceof Float32Array || data instanceof Float64Array) return ndarray(data, shape);
  return ndarray(Float64Array.from(data), shape);
}

/** Floating-point numbers or levels 0 … 255; other integers become float64. */
export function points(array: NdArray): Data {
  return array.data instanceof Uint8Array ? ndarray(array.data, array.shape) : floats(array);
}

/** Single precision, as tensors are. */
export function singles({ data, shape }: NdArray): NdArray<Float32Array> {
  return ndarray(data instanceof Float32Array ? data : Float32Array.from(data), shape);
}

/** Images in 0 … 1: levels are divided by 255. */
export function fractions({ data, shape }: NdArray): NdArray<Float32Array> {
  const isLevels = data instanceof Uint8Array;
  return singles({ data: isLevels ? Float32Array.from(data, level => level / 255) : data, shape });
}

/** The arrays `<prefix>.…`, by the rest of their names. */
export function namedArrays(arrays: Record<string, NdArray>, prefix: string): NamedTensors {
  const own = Object.entries(arrays).filter(([name]) => name.startsWith(`${prefix}.`));
  return new Map(own.map(([name, array]) => [name.slice(prefix.length + 1), singles(array)]));
}

/** The arrays of a map as `<prefix>.…`. */
export function prefixed(prefix: string, arrays: ReadonlyMap<string, NdArray>): Actual {
  return Object.fromEntries(Array.from(arrays, ([name, array]) => [`${prefix}.${name}`, array]));
}
