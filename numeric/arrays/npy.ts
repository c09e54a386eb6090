// NumPy's .npy format (numpy/lib/format.py), versions 1 to 3: bytes to array and back, with every header checked.
import { type NdArray, ndarray, sizeOf, type TypedArray } from './array.ts';
import { halfToNumber } from './half-float.ts';

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Thrown where bytes are not a whole .npy array of a type that is read here; the message says which rule failed. */
export class InvalidNpy extends Error {
  override name = 'InvalidNpy';
}

/**
 * Reads a .npy file of numbers: whole ones of up to 64 bits, bool, float16, float32, float64, of either byte order.
 * Integers wider than a byte become Int32Array (and must fit), bool and uint8 Uint8Array, float16 Float32Array. Fortran
 * order is turned to C order.
 */
export function decodeNpy(bytes: Uint8Array): NdArray {
  const { descr, fortranOrder, shape, offset } = decodeNpyHeader(bytes, bytes.length);
  const data = decodeElements(descr, bytes.subarray(offset));
  return ndarray(fortranOrder ? inCOrder(data, shape) : data, shape);
}

/**
 * Elements as they lie in a file, of a type that `decodeNpyHeader` takes, as numbers; `bytes` stay as they are.
 * @throws InvalidNpy where they are words, or integers that do not fit 32 bits
 */
export function decodeElements(descr: string, bytes: Uint8Array): TypedArray {
  const type = numberTypes[descr.slice(1)];
  if (!type) throw new InvalidNpy(`npy: these are words (${descr}), where numbers are wanted`);
  const body = new Uint8Array(bytes); // a copy: aligned, whatever the offset
  if (descr.startsWith('>')) swap[type.bytes]?.(Buffer.from(body.buffer));
  return type.read(body.buffer);
}

/** Turns the bytes of every element round, by their number. */
const swap: Record<number, ((bytes: Buffer) => Buffer) | undefined> = {
  2: bytes => bytes.swap16(),
  4: bytes => bytes.swap32(),
  8: bytes => bytes.swap64(),
};

/** A .npy file of words, NumPy's `U` (UCS-4) or `S` (bytes), without the zeros that fill them up. */
export function decodeNpyWords(bytes: Uint8Array): { words: string[]; shape: readonly number[] } {
  const { descr, fortranOrder, shape, offset } = decodeNpyHeader(bytes, bytes.length);
  const size = elementBytes(descr) ?? 0;
  const length = sizeOf(shape);
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset);
  const wordAt = (at: number) =>
    descr[1] === 'S'
      ? new TextDecoder().decode(bytes.subarray(offset + at, offset + at + size))
      : ucs4(view, at, size, descr.startsWith('<'));
  const words = Array.from({ length }, (_, i) => wordAt(i * size).replace(/\0+$/, ''));
  return { words: fortranOrder ? inCOrder(words, shape) : words, shape };
}

function ucs4(view: DataView, at: number, size: number, littleEndian: boolean): string {
  let word = '';
  for (let i = at; i < at + size; i += 4) {
    const point = view.getUint32(i, littleEndian);
    if (point > 0x10ffff) throw new InvalidNpy(`npy: ${point} is no character`);
    word += String.fromCodePoint(point);
  }
  return word;
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

interface NumberType {
  bytes: number;
  read: (buffer: ArrayBuffer) => TypedArray;
}

/** NumPy's types without their byte order. */
const numberTypes: Record<string, NumberType> = {
  u1: { bytes: 1, read: buffer => new Uint8Array(buffer) },
  b1: { bytes: 1, read: buffer => new Uint8Array(buffer) },
  i1: { bytes: 1, read: buffer => Int32Array.from(new Int8Array(buffer)) },
  i2: { bytes: 2, read: buffer => Int32Array.from(new Int16Array(buffer)) },
  u2: { bytes: 2, read: buffer => Int32Array.from(new Uint16Array(buffer)) },
  i4: { bytes: 4, read: buffer => new Int32Array(buffer) },
  u4: { bytes: 4, read: buffer => narrow(new Uint32Array(buffer)) },
  i8: { bytes: 8, read: buffer => narrow(new BigInt64Array(buffer)) },
  u8: { bytes: 8, read: buffer => narrow(new BigUint64Array(buffer)) },
  f2: { bytes: 2, read: buffer => Float32Array.from(new Uint16Array(buffer), halfToNumber) },
  f4: { bytes: 4, read: buffer => new Float32Array(buffer) },
  f8: { bytes: 8, read: buffer => new Float64Array(buffer) },
};

/** Bytes of an element, of numbers or words; undefined for what is not read. */
export function elementBytes(descr: string): number | undefined {
  const [, order, kind, size] = /^([<>=|])([a-zA-Z])(\d{1,9})$/.exec(descr) ?? [];
  if (kind === 'U' && (order === '<' || order === '>')) return 4 * Number(size);
  if (kind === 'S' && order === '|') return Number(size);
  const bytes = numberTypes[kind + size]?.bytes;
  return order === '=' || (order === '|' && bytes !== 1) ? undefined : bytes;
}

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
  const perElement = elementBytes(descr);
  if (!perElement) throw new InvalidNpy(`npy: dtype ${descr} is not read; ${remedyFor(descr)}`);
  const expected = sizeOf(shape) * perElement;
  if (size - offset !== expected) {
    throw new InvalidNpy(
      `npy: shape (${shape}) of ${descr} needs ${expected} bytes, the file holds ${size - offset}`,
    );
  }
  return header;
}

function remedyFor(descr: string): string {
  if (descr.includes('O')) {
    return 'it holds Python objects: save words as .astype(str), numbers as .astype("float64")';
  }
  if (/[cM]/.test(descr)) return 'save it as whole numbers, float32 or float64';
  return 'save it with .astype("float64"), or as whole numbers';
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

/** The elements of an array in Fortran order, in C order; a copy. */
function inCOrder<List extends TypedArray | string[]>(data: List, shape: readonly number[]): List {
  const result = data.slice() as List;
  const index = new Array<number>(shape.length).fill(0);
  for (let target = 0; target < data.length; target++) {
    let source = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) source = source * shape[axis] + index[axis];
    result[target] = data[source];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return result;
}
