// Arrays in HDF5 files, read from disk by the HDF5 library (h5wasm): no more than a block of rows is in memory.
import type { Dataset } from 'h5wasm/node';
import { type NdArray, ndarray, sizeOf, takeRows } from '../../numeric/arrays/array.ts';

/** An array of bytes in an open file. */
export interface Hdf5Array {
  readonly shape: readonly number[];
  /** The rows at `indices` (ascending), in that order, in blocks `[b, …]`. */
  blocks(indices: Int32Array): Generator<NdArray<Uint8Array>, void>;
  close(): void;
}

/**
 * Opens the array called `name`, contiguous or in chunks (deflate, shuffle, fletcher32).
 * @throws Error where the file is damaged or truncated, or has no such array of unsigned bytes; reading rows may throw, too.
 */
export async function openHdf5(path: string, name: string): Promise<Hdf5Array> {
  const h5wasm = await import('h5wasm/node'); // 500 MB and half a second: only where a file is opened
  const library = await h5wasm.ready;
  library.activate_throwing_error_handler();
  const file = plainly(() => new h5wasm.File(path, 'r'));
  try {
    const found = plainly(() => file.get(name));
    if (!(found instanceof h5wasm.Dataset)) {
      throw new Error(`holds no array "${name}", but ${file.keys().join(', ') || 'nothing'}`);
    }
    const { shape, chunks, type, size, signed } = plainly(() => found.metadata);
    if (type !== library.H5T_class_t.H5T_INTEGER.value || size !== 1 || signed) {
      throw new Error(`"${name}" must be uint8, found ${JSON.stringify(found.dtype)}`);
    }
    if (!shape) throw new Error(`"${name}" has no shape`);
    return {
      shape,
      blocks: indices => blocksOf(found, shape, chunks?.[0] ?? 1, indices),
      close: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

const blockBytes = 1 << 22; // larger ones take longer: they leave the processor's cache
const largestChunks = 1 << 28; // bytes of all chunks that a row touches; beyond, rows are read without regard to chunks

/** Rows that share chunks are read together, so that each chunk is inflated once. */
function* blocksOf(
  array: Dataset,
  shape: readonly number[],
  chunkRows: number,
  indices: Int32Array,
): Generator<NdArray<Uint8Array>, void> {
  const [n, ...rest] = shape;
  const rowBytes = sizeOf(rest);
  const unit = chunkRows * rowBytes <= largestChunks ? chunkRows : 1;
  const most = Math.max(1, Math.floor(blockBytes / (unit * rowBytes))); // units of a block
  for (let i = 0; i < indices.length; ) {
    const firstUnit = Math.floor(indices[i] / unit);
    let lastUnit = firstUnit;
    let end = i + 1;
    for (; end < indices.length; end++) {
      const next = Math.floor(indices[end] / unit);
      if (next > lastUnit + 1 || next >= firstUnit + most) break;
      lastUnit = next;
    }
    const [first, last] = [firstUnit * unit, Math.min(n, (lastUnit + 1) * unit)];
    const whole = plainly(() => array.slice([[first, last], ...rest.map((): [] => [])])) as Uint8Array;
    const rows = ndarray(whole, [last - first, ...rest]);
    const wanted = indices.subarray(i, end).map(index => index - first);
    yield wanted.length === last - first ? rows : takeRows(rows, wanted);
    i = end;
  }
}

/** The library's errors are traces of its own code: the last line says what was wrong. */
function plainly<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reasons = [...(error as Error).message.matchAll(/#\d+: .* line \d+ in \S+: (.*)/g)];
    throw new Error(reasons.at(-1)?.[1] ?? (error as Error).message, { cause: error });
  }
}
