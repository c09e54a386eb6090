// Arrays of a reference case that share the first part of their names (`weights.…`), as a map, and back.
import type { NamedTensors } from '../../learning/weights/named-tensors.ts';
import type { NdArray } from '../../numeric/arrays/array.ts';
import type { Actual } from './golden-case.ts';
import { singles } from './typed-inputs.ts';

/** The arrays `<prefix>.…`, by the rest of their names. */
export function namedArrays(arrays: Record<string, NdArray>, prefix: string): NamedTensors {
  const own = Object.entries(arrays).filter(([name]) => name.startsWith(`${prefix}.`));
  return new Map(own.map(([name, array]) => [name.slice(prefix.length + 1), singles(array)]));
}

/** The arrays of a map as `<prefix>.…`. */
export function prefixed(prefix: string, arrays: NamedTensors): Actual {
  return Object.fromEntries(Array.from(arrays, ([name, array]) => [`${prefix}.${name}`, array]));
}
