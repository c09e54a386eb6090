// Small HDF5 files, written by the HDF5 library, in gzip where wanted.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { File, ready } from 'h5wasm/node';
import type { NdArray } from '../../numeric/arrays/array.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface Storage {
  /** Shape of a chunk; contiguous where not said. */
  chunks?: number[];
  /** Deflate level of the chunks. */
  deflate?: number;
}

/** The bytes of a file that holds these arrays. */
export async function hdf5(
  arrays: Record<string, NdArray>,
  { chunks, deflate }: Storage = {},
): Promise<Buffer> {
  await ready;
  const file = path.join(temporaryFolder(), 'arrays.h5');
  const writing = new File(file, 'w');
  for (const [name, { data, shape }] of Object.entries(arrays)) {
    writing.create_dataset({
      name,
      data,
      shape: [...shape],
      chunks: chunks?.map((length, axis) => Math.min(length, shape[axis])) ?? null,
      ...(deflate && { compression: 'gzip', compression_opts: deflate }),
    });
  }
  writing.close();
  return readFileSync(file);
}

/** As PCam is published: one array a file, in gzip. */
export async function hdf5Gz(name: string, array: NdArray, storage?: Storage): Promise<Buffer> {
  return gzipSync(await hdf5({ [name]: array }, storage));
}
