// Writes a .npy file row by row, as the rows come: the array is never held.
import { type FileHandle, open } from 'node:fs/promises';
import type { NdArray } from './array.ts';
import { descrOf, encodeNpyHeader } from './npy.ts';
import { mostAtOnce } from './npy-file.ts';

/** Writes all rows that `batches` yields, `n` in all, and gives the array's shape; see `NpyWriter`. */
export async function writeRows(
  path: string,
  n: number,
  batches: AsyncIterable<NdArray>,
): Promise<readonly number[]> {
  const writer = await NpyWriter.create(path, n);
  try {
    for await (const batch of batches) await writer.write(batch);
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  return writer.close();
}

export class NpyWriter {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #n: number;
  #rows = 0;
  /** Of a row, once there is one. */
  #shape: readonly number[] = [];
  #form: string | undefined;

  private constructor(file: FileHandle, path: string, n: number) {
    this.#file = file;
    this.#path = path;
    this.#n = n;
  }

  /** Begins a file, in place of what is there, for an array of `n` rows. */
  static async create(path: string, n: number): Promise<NpyWriter> {
    return new NpyWriter(await open(path, 'w'), path, n);
  }

  /** Appends rows `[some, …]`. The first ones decide type and shape; throws `TypeError` for others. */
  async write({ data, shape: [rows, ...rest] }: NdArray): Promise<void> {
    const descr = descrOf(data);
    const form = `${descr} [${rest}]`;
    if (this.#form === undefined) await this.#file.write(encodeNpyHeader(descr, [this.#n, ...rest]));
    this.#form ??= form;
    this.#shape = rest;
    if (form !== this.#form) throw new TypeError(`${this.#path}: rows are ${this.#form}, got ${form}`);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let done = 0; done < bytes.length; ) {
      const length = Math.min(bytes.length - done, mostAtOnce);
      done += (await this.#file.write(bytes, done, length)).bytesWritten;
    }
    this.#rows += rows;
  }

  /** Ends the file and gives the array's shape; throws `RangeError` unless all rows have come. */
  async close(): Promise<readonly number[]> {
    await this.#file.close();
    if (this.#rows !== this.#n) {
      throw new RangeError(`${this.#path}: ${this.#n} rows were announced, ${this.#rows} written`);
    }
    return [this.#n, ...this.#shape];
  }

  /** Closes the file as it is, after a failure. */
  async abandon(): Promise<void> {
    await this.#file.close();
  }
}
