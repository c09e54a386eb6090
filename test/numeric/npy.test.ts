import { expect, test } from 'vitest';
import { ndarray } from '../../numeric/arrays/array.ts';
import { decodeNpy, decodeNpyWords, encodeNpy, InvalidNpy } from '../../numeric/arrays/npy.ts';

/** A file as NumPy writes it, from a header dictionary and a body. */
function file(dictionary: string, body: ArrayBufferView, version = 1): Uint8Array {
  const header = new TextEncoder().encode(`${dictionary}\n`);
  const length = version === 1 ? [header.length & 255, header.length >> 8] : [header.length, 0, 0, 0];
  const bytes = new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  return Uint8Array.of(
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    version,
    0,
    ...length,
    ...header,
    ...bytes,
  );
}
const dictionary = (descr: string, shape: string, order = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;

test.each([
  ndarray(Float64Array.of(1.5, -2, Number.NaN, 1e300, 0, -0), [2, 3]),
  ndarray(Float32Array.of(0.1, Number.POSITIVE_INFINITY), [2]),
  ndarray(Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 0), [3, 1, 1]),
  ndarray(Uint8Array.of(0, 255), [1, 2]),
  ndarray(new Uint8Array(0), [0, 28, 28, 3]),
  ndarray(Float64Array.of(42), []),
])('writing and reading gives the same array: %#', array => {
  const bytes = encodeNpy(array);
  expect(decodeNpy(bytes)).toEqual(array);
  expect((bytes.length - array.data.byteLength) % 64).toBe(0);
});

test('an array at an odd offset of a larger buffer is read alike', () => {
  const array = ndarray(Float64Array.of(1, 2, 3), [3]);
  const larger = new Uint8Array(1000);
  larger.set(encodeNpy(array), 3);
  expect(decodeNpy(larger.subarray(3, 3 + encodeNpy(array).length))).toEqual(array);
});

test('other integers and booleans are read as the types used here, if they fit', () => {
  expect(decodeNpy(file(dictionary('<i8', '(2,)'), BigInt64Array.of(-5n, 7n)))).toEqual(
    ndarray(Int32Array.of(-5, 7), [2]),
  );
  expect(decodeNpy(file(dictionary('<u2', '(1,)'), Uint16Array.of(65535)))).toEqual(
    ndarray(Int32Array.of(65535), [1]),
  );
  expect(decodeNpy(file(dictionary('|b1', '(2,)'), Uint8Array.of(1, 0)))).toEqual(
    ndarray(Uint8Array.of(1, 0), [2]),
  );
  expect(() => decodeNpy(file(dictionary('<u4', '(1,)'), Uint32Array.of(2 ** 31)))).toThrow(
    '2147483648 does not fit',
  );
});

test('half precision and big-endian numbers are read', () => {
  const halves = Uint16Array.of(0x3c00, 0xc500, 0x7bff, 0x0001, 0x7e00); // NumPy's float16 of these
  expect(decodeNpy(file(dictionary('<f2', '(5,)'), halves))).toEqual(
    ndarray(Float32Array.of(1, -5, 65504, 2 ** -24, Number.NaN), [5]),
  );
  for (const [descr, body] of [
    ['>f8', Buffer.from('3ff80000000000004000000000000000', 'hex')],
    ['>f4', Buffer.from('3fc0000040000000', 'hex')],
    ['>f2', Buffer.from('3e004000', 'hex')],
  ] as const) {
    expect([...decodeNpy(file(dictionary(descr, '(2,)'), body)).data]).toEqual([1.5, 2]);
  }
  expect([...decodeNpy(file(dictionary('>i2', '(2,)'), Buffer.from('0102fffe', 'hex'))).data]).toEqual([
    258, -2,
  ]);
});

test('words are read', () => {
  const ucs4 = (littleEndian: boolean) => {
    const view = new DataView(new ArrayBuffer(24));
    [...'Öl', '\0', ...'abc'].forEach((letter, i) => {
      view.setUint32(4 * i, letter.codePointAt(0)!, littleEndian);
    });
    return view;
  };
  for (const order of ['<', '>']) {
    const words = file(dictionary(`${order}U3`, '(2,)'), ucs4(order === '<'));
    expect(decodeNpyWords(words)).toEqual({ words: ['Öl', 'abc'], shape: [2] });
  }
  const bytes = file(dictionary('|S3', '(2, 1)'), Buffer.from('a\0\0abc'));
  expect(decodeNpyWords(bytes)).toEqual({ words: ['a', 'abc'], shape: [2, 1] });
  const noCharacter = file(dictionary('<U1', '(1,)'), Uint32Array.of(0x110000));
  expect(() => decodeNpyWords(noCharacter)).toThrow('is no character');
});

test('Fortran order is turned, and version 2 read', () => {
  const bytes = file(dictionary('<f4', '(2, 3)', 'True'), Float32Array.of(1, 4, 2, 5, 3, 6), 2);
  expect(decodeNpy(bytes)).toEqual(ndarray(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]));
});

test.each([
  ['no .npy file', Uint8Array.of(1, 2, 3)],
  ['needs 8 bytes, the file holds 4', file(dictionary('<f4', '(2,)'), Float32Array.of(1))],
  ['the file holds 4', file(dictionary('<f4', '(4294967296, 4294967296, 4294967296)'), Float32Array.of(1))],
  [
    'needs Infinity bytes, the file holds 1',
    file(dictionary('|u1', `(${'9'.repeat(400)},)`), Uint8Array.of(1)),
  ],
  ['ends within its header', file(dictionary('<f4', '(1,)'), Float32Array.of(1), 2).fill(255, 8, 12)],
  ['dtype <c8 is not read', file(dictionary('<c8', '(1,)'), Float64Array.of(1))],
  ['it holds Python objects', file(dictionary('|O', '(1,)'), Float64Array.of(1))],
  ['these are words (<U2)', file(dictionary('<U2', '(1,)'), Float64Array.of(0))],
  ['dtype <U0 is not read', file(dictionary('<U0', '(999999999,)'), new Uint8Array(0))],
  ['ends within its header', file(dictionary('<f4', '(1,)'), Float32Array.of(1)).subarray(0, 20)],
  ['version 9', file(dictionary('<f4', '(1,)'), Float32Array.of(1), 9)],
  [
    'lacks descr',
    file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", Float32Array.of(1)),
  ],
])('a broken file is refused: %s', (message, bytes) => {
  expect(() => decodeNpy(bytes)).toThrow(InvalidNpy);
  expect(() => decodeNpy(bytes)).toThrow(message);
});
