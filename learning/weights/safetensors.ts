// The safetensors format (github.com/huggingface/safetensors): named tensors in one file, every rule of the header checked.
import { sizeOf } from '../../numeric/arrays/array.ts';
import { halfToNumber } from '../../numeric/arrays/half-float.ts';
import type { NamedTensors } from './named-tensors.ts';

/** Thrown where bytes are not a whole, well-formed safetensors file; the message says which rule failed. */
export class InvalidSafetensors extends Error {
  override name = 'InvalidSafetensors';
}

export interface Safetensors {
  /** All floating-point tensors, as float32. Integer ones (PyTorch's `num_batches_tracked`) are checked, and left out. */
  tensors: NamedTensors;
  metadata: Readonly<Record<string, string>>;
}

const largestHeader = 100_000_000; // the reference implementation's bound

/** Reads a file: u64 header length, JSON header, then the tensors' bytes without gaps or overlaps. */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const { header, body } = splitHeader(bytes);
  const { __metadata__: metadata = {}, ...rest } = header;
  const entries = Object.entries(rest).map(([name, entry]) => parseEntry(name, entry));
  checkCoverage(entries, body.length);
  const tensors = entries.flatMap(({ name, dtype, shape, begin, end }) => {
    const { toFloat32 } = elementTypes[dtype];
    // A copy: a tensor may begin at an offset that is no multiple of its item's size. (Not slice: a Buffer's copies nothing.)
    return toFloat32
      ? [[name, { data: toFloat32(new Uint8Array(body.subarray(begin, end)).buffer), shape }] as const]
      : [];
  });
  return { tensors: new Map(tensors), metadata: parseMetadata(metadata) };
}

/** Writes float32 tensors in the map's order; the data begins at a multiple of 8 bytes. */
export function encodeSafetensors(tensors: NamedTensors, metadata: Record<string, string> = {}): Uint8Array {
  let offset = 0;
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  for (const [name, { data, shape }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + offset).fill(0x20, 8, 8 + headerLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(json, 8);
  let position = 8 + headerLength;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

interface ElementType {
  bytes: number;
  toFloat32?: (buffer: ArrayBuffer) => Float32Array;
}

const elementTypes: Record<string, ElementType> = {
  F64: { bytes: 8, toFloat32: buffer => Float32Array.from(new Float64Array(buffer)) },
  F32: { bytes: 4, toFloat32: buffer => new Float32Array(buffer) },
  F16: { bytes: 2, toFloat32: buffer => Float32Array.from(new Uint16Array(buffer), halfToNumber) },
  BF16: {
    bytes: 2,
    toFloat32: buffer =>
      new Float32Array(Uint32Array.from(new Uint16Array(buffer), bits => bits << 16).buffer),
  },
  I64: { bytes: 8 },
  I32: { bytes: 4 },
  I16: { bytes: 2 },
  I8: { bytes: 1 },
  U8: { bytes: 1 },
  BOOL: { bytes: 1 },
};

function splitHeader(bytes: Uint8Array): { header: Record<string, unknown>; body: Uint8Array } {
  if (bytes.length < 8)
    throw new InvalidSafetensors(`safetensors: ${bytes.length} bytes cannot hold a header`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > largestHeader || Number(length) > bytes.length - 8) {
    throw new InvalidSafetensors(
      `safetensors: the header's length ${length} exceeds the file's ${bytes.length} bytes or ${largestHeader}; it is no safetensors file, or cut off`,
    );
  }
  const end = 8 + Number(length);
  return { header: parseObject(bytes.subarray(8, end)), body: bytes.subarray(end) };
}

function parseObject(utf8: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(utf8));
  } catch (cause) {
    throw new InvalidSafetensors('safetensors: the header is no UTF-8 JSON', { cause });
  }
  if (!isObject(header) || utf8[0] !== 0x7b) {
    throw new InvalidSafetensors('safetensors: the header is no JSON object that begins with {');
  }
  return header;
}

interface Entry {
  name: string;
  dtype: string;
  shape: number[];
  begin: number;
  end: number;
}

function parseEntry(name: string, entry: unknown): Entry {
  const { dtype, shape, data_offsets: offsets } = isObject(entry) ? entry : {};
  if (typeof dtype !== 'string' || !Object.hasOwn(elementTypes, dtype)) {
    throw new InvalidSafetensors(
      `safetensors: ${name} has dtype ${dtype}, known are ${Object.keys(elementTypes)}`,
    );
  }
  if (!isWholeNumbers(shape) || !isWholeNumbers(offsets) || offsets.length !== 2) {
    throw new InvalidSafetensors(
      `safetensors: ${name} needs shape and data_offsets as lists of whole numbers`,
    );
  }
  const [begin, end] = offsets;
  const expected = sizeOf(shape) * elementTypes[dtype].bytes;
  if (end - begin !== expected) {
    throw new InvalidSafetensors(
      `safetensors: ${name} [${shape}] of ${dtype} needs ${expected} bytes, its offsets give ${end - begin}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

/** The tensors must fill the body exactly, in whatever order the header lists them. */
function checkCoverage(entries: readonly Entry[], bodyLength: number): void {
  let position = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== position) {
      throw new InvalidSafetensors(
        `safetensors: ${name} begins at byte ${begin} where ${position} was due; gaps and overlaps are not allowed`,
      );
    }
    position = end;
  }
  if (position !== bodyLength) {
    throw new InvalidSafetensors(
      `safetensors: the tensors end at byte ${position}, the file holds ${bodyLength}`,
    );
  }
}

function parseMetadata(metadata: unknown): Record<string, string> {
  if (!isObject(metadata) || Object.values(metadata).some(value => typeof value !== 'string')) {
    throw new InvalidSafetensors('safetensors: __metadata__ is no map of strings');
  }
  return metadata as Record<string, string>;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWholeNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(item => Number.isSafeInteger(item) && item >= 0);
}
