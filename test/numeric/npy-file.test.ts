// Claims about arrays in files: rows are those of the whole array, read or written in any portions; faults are named.
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { encodeNpy, encodeNpyHeader, InvalidNpy } from '../../numeric/arrays/npy.ts';
import { npyFile, openRows, readShared } from '../../numeric/arrays/npy-file.ts';
import { NpyWriter, writeRows } from '../../numeric/arrays/npy-writer.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'simcne-npy-'));
  file = path.join(folder, 'array.npy');
});
afterEach(() => rm(folder, { recursive: true }));

const arrays: NdArray[] = [
  ndarray(
    Uint8Array.from({ length: 120 }, (_, i) => i),
    [5, 4, 2, 3],
  ),
  ndarray(
    Float32Array.from({ length: 15 }, (_, i) => i / 3),
    [5, 3],
  ),
  ndarray(
    Float64Array.from({ length: 15 }, (_, i) => i / 3),
    [5, 3],
  ),
  ndarray(Int32Array.of(-1, 0, 1, 2, 2 ** 31 - 1), [5]),
];

test.each(arrays)('rows from a file are rows from memory: %#', async array => {
  await writeFile(file, encodeNpy(array));
  const stored = npyFile(file);
  const [rows, expected] = [openRows(stored), openRows(array)];
  expect(rows.shape).toEqual(array.shape);
  for (const [first, end] of [
    [0, 2],
    [4, 5],
    [0, 5],
    [3, 3],
  ]) {
    expect(rows.read(first, end)).toEqual(expected.read(first, end));
  }
  rows.close();
  const whole = readShared(stored);
  expect(whole.data.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect([...whole.data]).toEqual([...array.data]);
});

test.each(arrays)('an array written in portions is the one written whole: %#', async array => {
  const { read } = openRows(array);
  async function* portions() {
    yield read(0, 2);
    yield read(2, 5);
  }
  expect(await writeRows(file, 5, portions())).toEqual(array.shape);
  expect(new Uint8Array(await readFile(file))).toEqual(encodeNpy(array));
});

test('rows that are not there, and a file that shrinks meanwhile, are refused', async () => {
  await writeFile(file, encodeNpy(arrays[0]));
  const rows = openRows(npyFile(file));
  expect(() => rows.read(4, 6)).toThrow('rows 4 … 6 are wanted, there are 5');
  await truncate(file, 200);
  expect(() => rows.read(0, 5)).toThrow('shorter while it was read');
  rows.close();
});

test.each([
  ['shape (9,2) of |u1 needs 18 bytes, the file holds 0', encodeNpyHeader('|u1', [9, 2])],
  ['no .npy file', Uint8Array.of(1, 2)],
  ['of <i8 is not read by rows', Buffer.concat([encodeNpyHeader('<i8', [1]), new Uint8Array(8)])],
  ['a single number is not read by rows', encodeNpy(ndarray(Float64Array.of(1), []))],
  [
    'in Fortran order is not read by rows',
    Buffer.from(Buffer.from(encodeNpy(arrays[1])).toString('latin1').replace('False', 'True '), 'latin1'),
  ],
])('a file without rows is refused: %s', async (message, bytes) => {
  await writeFile(file, bytes);
  expect(() => npyFile(file)).toThrow(InvalidNpy);
  expect(() => npyFile(file)).toThrow(message);
  expect(() => npyFile(file)).toThrow(file);
});

test('a writer takes neither other rows nor too few', async () => {
  const writer = await NpyWriter.create(file, 3);
  await writer.write(ndarray(Float32Array.of(1, 2), [1, 2]));
  await expect(writer.write(ndarray(Float32Array.of(1, 2, 3), [1, 3]))).rejects.toThrow(
    'rows are <f4 [2], got <f4 [3]',
  );
  await expect(writer.write(ndarray(Float64Array.of(1, 2), [1, 2]))).rejects.toThrow('got <f8 [2]');
  await expect(writer.close()).rejects.toThrow('3 rows were announced, 1 written');
});
