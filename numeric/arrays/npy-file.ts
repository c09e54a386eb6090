// Arrays in .npy files that may be larger than memory: their rows are read as they are needed.
import { constants } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type NdArray, ndarray, sizeOf, type TypedArray } from './array.ts';
import { decodeNpy, decodeNpyHeader, InvalidNpy } from './npy.ts';

/** The types whose elements lie in a file as they lie in memory. */
export const storedTypes = {
  uint8: { descr: '|u1', array: Uint8Array },
  int32: { descr: '<i4', array: Int32Array },
  float32: { descr: '<f4', array: Float32Array },
  float64: { descr: '<f8', array: Float64Array },
} as const;
export type Dtype = keyof typeof storedTypes;
interface ArrayOf {
  uint8: Uint8Array;
  int32: Int32Array;
  float32: Float32Array;
  float64: Float64Array;
}
interface StoredArray {
  readonly BYTES_PER_ELEMENT: number;
  new (source: number | SharedArrayBuffer): TypedArray;
}
type DtypeOf<T extends TypedArray> = { [D in Dtype]: T extends ArrayOf[D] ? D : never }[Dtype];

/** An array in a file: plain data, so that it can be sent to threads, each of which opens it for itself. */
export interface NpyFile<T extends TypedArray = TypedArray> {
  readonly path: string;
  readonly dtype: DtypeOf<T>;
  readonly shape: readonly number[];
  /** Where the elements begin, in bytes. */
  readonly offset: number;
}

/** An array in memory or in a file. */
export type RowSource<T extends TypedArray = TypedArray> = NdArray<T> | NpyFile<T>;

/** Reads rows of an array, along its first axis. */
export interface RowReader<T extends TypedArray = TypedArray> {
  readonly shape: readonly number[];
  /** The rows `first` … `end` − 1; from a file they are valid until the next call. */
  read(first: number, end: number): NdArray<T>;
  close(): void;
}

/** Bytes of a header, with much room: NumPy's own are 128 for arrays without fields. */
export const longestHeader = 1 << 16;

/**
 * Finds out what array is in a file, without reading its elements.
 * @throws InvalidNpy where it is no whole .npy file, in Fortran order, or of a type that is only read whole.
 */
export function npyFile(path: string): NpyFile {
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const bytes = new Uint8Array(Math.min(size, longestHeader));
    readFully(descriptor, bytes, 0);
    const { descr, fortranOrder, shape, offset } = decodeNpyHeader(bytes, size);
    const dtype = (Object.keys(storedTypes) as Dtype[]).find(name => storedTypes[name].descr === descr);
    if (!dtype || fortranOrder || shape.length === 0) {
      const problem = fortranOrder
        ? 'in Fortran order'
        : shape.length === 0
          ? 'a single number'
          : `of ${descr}`;
      throw new InvalidNpy(
        `npy: an array ${problem} is not read by rows; store uint8, int32, float32 or float64 in C order (numpy.ascontiguousarray)`,
      );
    }
    return { path, dtype, shape, offset };
  } catch (error) {
    if (error instanceof InvalidNpy) error.message = `${path}: ${error.message}`;
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Opens an array for reading; one in memory is not copied. */
export function openRows<T extends TypedArray>(source: RowSource<T>): RowReader<T> {
  return 'path' in source ? openFile(source) : memoryRows(source);
}

function memoryRows<T extends TypedArray>({ data, shape }: NdArray<T>): RowReader<T> {
  const stride = sizeOf(shape.slice(1));
  return {
    shape,
    read: (first, end) =>
      ndarray(data.subarray(first * stride, end * stride) as T, [end - first, ...shape.slice(1)]),
    close: () => {},
  };
}

function openFile<T extends TypedArray>({ path, dtype, shape, offset }: NpyFile<T>): RowReader<T> {
  const descriptor = openSync(path, 'r');
  const stride = sizeOf(shape.slice(1));
  const Elements: StoredArray = storedTypes[dtype as Dtype].array;
  let buffer = new Elements(0);
  return {
    shape,
    read(first, end) {
      if (!(first >= 0 && first <= end && end <= shape[0])) {
        throw new RangeError(`${path}: rows ${first} … ${end} are wanted, there are ${shape[0]}`);
      }
      const length = (end - first) * stride;
      if (buffer.length < length) buffer = new Elements(length);
      const data = buffer.subarray(0, length);
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      readFully(descriptor, bytes, offset + first * stride * Elements.BYTES_PER_ELEMENT);
      return ndarray(data as T, [end - first, ...shape.slice(1)]);
    },
    close: () => closeSync(descriptor),
  };
}

/** The whole array, read straight into memory that all threads see. */
export function readShared<T extends TypedArray>({ path, dtype, shape, offset }: NpyFile<T>): NdArray<T> {
  const Elements: StoredArray = storedTypes[dtype as Dtype].array;
  if (sizeOf(shape) > constants.MAX_LENGTH) {
    throw new RangeError(
      `${path}: [${shape}] has ${sizeOf(shape)} elements; at most ${constants.MAX_LENGTH} can be held at once, so take a subset`,
    );
  }
  const buffer = new SharedArrayBuffer(sizeOf(shape) * Elements.BYTES_PER_ELEMENT);
  const descriptor = openSync(path, 'r');
  try {
    readFully(descriptor, new Uint8Array(buffer), offset);
  } finally {
    closeSync(descriptor);
  }
  return ndarray(new Elements(buffer) as T, shape);
}

/**
 * The whole array of any file that `decodeNpy` reads; without a copy, and in memory that all threads see, where it is of a
 * type that is stored as it lies in memory.
 * @throws InvalidNpy that names the file
 */
export async function readNpy(path: string): Promise<NdArray> {
  try {
    return readShared(npyFile(path));
  } catch (error) {
    if (!(error instanceof InvalidNpy)) throw error;
  }
  try {
    return decodeNpy(await readFile(path));
  } catch (error) {
    if (error instanceof InvalidNpy) error.message = `${path}: ${error.message}`;
    throw error;
  }
}

export const mostAtOnce = 1 << 30; // bytes; the system moves less than 2 GiB in one call

function readFully(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const length = Math.min(bytes.length - done, mostAtOnce);
    const read = readSync(descriptor, bytes, { offset: done, length, position: position + done });
    if (read === 0) throw new InvalidNpy('npy: the file has become shorter while it was read');
    done += read;
  }
}
