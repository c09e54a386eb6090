// NumPy's .npy format (numpy/lib/format.py), versions 1 to 3: bytes to array and back, with every header checked.
import { type NdArray, ndarray, sizeOf, type TypedArray } from './array.ts';

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Thrown where bytes are not a whole .npy array of a type that is read here; the message says which rule failed. */
export class InvalidNpy extends Error {
  override name = 'InvalidNpy';
}

/**
 * Reads a .npy file: uint8, int8, int16, uint16, int32, uint32, int64, uint64, bool, float32, float64, little-endian.
 * Integers wider than a byte become Int32Array (and must fit), bool and uint8 Uint8Array. Fortran order is turned to C order.
 */
export function decodeNpy(bytes: Uint8Array): NdArray {
  const { descr, fortranOrder, shape, offset } = decodeNpyHeader(bytes, bytes.length);
  const type = elementTypes[descr];
  const length = sizeOf(shape);
  const body = new Uint8Array(bytes.subarray(offset)).buffer; // a copy: aligned, whatever the offset
  const data = type.read(body, length);
  return ndarray(fortranOrder ? toCOrder(data, shape) : data, shape);
}

/** Writes a version 1.0 file, little-endian, C order, data aligned to 64 bytes. */
export function encodeNpy({ data, shape }: NdArray): Uint8Array {
  const header = encodeNpyHeader(descrOf(data), shape);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
}

/** What stands before the elements in such a file; `descr` is NumPy's name of their type, e.g. `<f4`. */
export function encodeNpyHeader(descr: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const headerLength = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const text = `${dictionary.padEnd(headerLength - 1)}\n`;
  return Uint8Array.of(
    ...magic,
    1,
    0,
    headerLength & 0xff,
    headerLength >> 8,
    ...new TextEncoder().encode(text),
  );
}

interface ElementType {
  bytes: number;
  read: (buffer: ArrayBuffer, length: number) => TypedArray;
}

const elementTypes: Record<string, ElementType> = {
  '|u1': { bytes: 1, read: buffer => new Uint8Array(buffer) },
  '|b1': { bytes: 1, read: buffer => new Uint8Array(buffer) },
  '|i1': { bytes: 1, read: buffer => Int32Array.from(new Int8Array(buffer)) },
  '<i2': { bytes: 2, read: buffer => Int32Array.from(new Int16Array(buffer)) },
  '<u2': { bytes: 2, read: buffer => Int32Array.from(new Uint16Array(buffer)) },
  '<i4': { bytes: 4, read: buffer => new Int32Array(buffer) },
  '<u4': { bytes: 4, read: buffer => narrow(new Uint32Array(buffer)) },
  '<i8': { bytes: 8, read: buffer => narrow(new BigInt64Array(buffer)) },
  '<u8': { bytes: 8, read: buffer => narrow(new BigUint64Array(buffer)) },
  '<f4': { bytes: 4, read: buffer => new Float32Array(buffer) },
  '<f8': { bytes: 8, read: buffer => new Float64Array(buffer) },
};

function narrow(wide: Uint32Array | BigInt64Array | BigUint64Array): Int32Array {
  return Int32Array.from(wide as ArrayLike<number | bigint> as ArrayLike<number>, value => {
    const number = Number(value);
    if (number !== (number | 0)) throw new InvalidNpy(`npy: integer ${value} does not fit 32 bits`);
    return number;
  });
}

/** NumPy's name of an array's type. */
export function descrOf(data: TypedArray): string {
  if (data instanceof Uint8Array) return '|u1';
  if (data instanceof Int32Array) return '<i4';
  return data instanceof Float32Array ? '<f4' : '<f8';
}

export interface NpyHeader {
  /** NumPy's name of the elements' type, one of those that are read here. */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin, in bytes. */
  readonly offset: number;
}

/** Reads the header at the beginning of a file of `size` bytes, and checks that the file holds what it promises. */
export function decodeNpyHeader(bytes: Uint8Array, size: number): NpyHeader {
  const header = parseHeader(bytes);
  const { descr, shape, offset } = header;
  const type = elementTypes[descr];
  if (!type) {
    throw new InvalidNpy(
      `npy: dtype ${descr} is not read; store it as one of ${Object.keys(elementTypes).join(' ')}`,
    );
  }
  const expected = sizeOf(shape) * type.bytes;
  if (size - offset !== expected) {
    throw new InvalidNpy(
      `npy: shape (${shape}) of ${descr} needs ${expected} bytes, the file holds ${size - offset}`,
    );
  }
  return header;
}

function parseHeader(bytes: Uint8Array): NpyHeader {
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw new InvalidNpy('npy: the file does not begin with "\\x93NUMPY"; it is no .npy file');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isShort = bytes[6] === 1;
  const offset = (isShort ? 10 : 12) + (isShort ? view.getUint16(8, true) : view.getUint32(8, true));
  if (bytes[6] < 1 || bytes[6] > 3) throw new InvalidNpy(`npy: format version ${bytes[6]} is not known`);
  if (offset > bytes.length) throw new InvalidNpy('npy: the file ends within its header');
  const text = new TextDecoder().decode(bytes.subarray(isShort ? 10 : 12, offset));
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const dimensions = /'shape':\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || dimensions === undefined) {
    throw new InvalidNpy(
      `npy: header ${JSON.stringify(text.trim().slice(0, 80))} lacks descr, fortran_order or shape (structured and object arrays are not read)`,
    );
  }
  const shape = (dimensions.match(/\d+/g) ?? []).map(Number);
  return { descr, fortranOrder: order === 'True', shape, offset };
}

function toCOrder<T extends TypedArray>(data: T, shape: readonly number[]): T {
  const result = data.slice() as T;
  const index = new Array<number>(shape.length).fill(0);
  for (let target = 0; target < data.length; target++) {
    let source = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) source = source * shape[axis] + index[axis];
    result[target] = data[source];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return result;
}
