// Claims about safetensors: what is written is read back to the bit, and every broken rule is named.
import { expect, test } from 'vitest';
import {
  decodeSafetensors,
  encodeSafetensors,
  InvalidSafetensors,
} from '../../learning/weights/safetensors.ts';
import { ndarray } from '../../numeric/arrays/array.ts';

/** A file with the given header (an object, or text) and body. */
function file(header: unknown, body: Uint8Array | number[] = []): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const length = new Uint8Array(new BigUint64Array([BigInt(json.length)]).buffer);
  return Uint8Array.from([...length, ...json, ...body]);
}

const entry = (dtype: string, shape: number[], ...offsets: number[]) => ({
  dtype,
  shape,
  data_offsets: offsets,
});

test('tensors and metadata come back as they were written', () => {
  const tensors = new Map([
    ['a.weight', ndarray(Float32Array.of(1, -0, Number.NaN, 3.4e38, 1e-45, 6), [2, 3])],
    ['scalar', ndarray(Float32Array.of(7), [])],
    ['empty', ndarray(new Float32Array(0), [0, 4])],
  ]);
  const decoded = decodeSafetensors(encodeSafetensors(tensors, { format: 'pt' }));
  expect(decoded.tensors).toEqual(tensors);
  expect(decoded.metadata).toEqual({ format: 'pt' });
});

test('a Buffer, as files are read into, gives the same tensors', () => {
  const tensors = new Map([['a', ndarray(Float32Array.of(1, 2, 3), [3])]]);
  expect(decodeSafetensors(Buffer.from(encodeSafetensors(tensors))).tensors).toEqual(tensors);
});

test('tensors may lie unaligned and in another order than the header lists them; integers are left out', () => {
  const floats = new Uint8Array(Float32Array.of(1.5, -2).buffer);
  const bytes = file({ x: entry('F32', [2], 1, 9), flag: entry('U8', [1], 0, 1) }, [255, ...floats]);
  const { tensors } = decodeSafetensors(bytes);
  expect([...tensors.keys()]).toEqual(['x']);
  expect(tensors.get('x')?.data).toEqual(Float32Array.of(1.5, -2));
});

test('half, brain-float and double become float32', () => {
  const half = new Uint8Array(Uint16Array.of(0x3c00, 0xc100, 0x0001, 0x7c00).buffer); // 1, −2.5, 2⁻²⁴, ∞
  const brain = new Uint8Array(Uint16Array.of(0x3f80, 0xc020).buffer); // 1, −2.5
  const double = new Uint8Array(Float64Array.of(0.1).buffer);
  const header = { h: entry('F16', [4], 0, 8), b: entry('BF16', [2], 8, 12), d: entry('F64', [1], 12, 20) };
  const { tensors } = decodeSafetensors(file(header, [...half, ...brain, ...double]));
  expect([...tensors.get('h')!.data]).toEqual([1, -2.5, 2 ** -24, Number.POSITIVE_INFINITY]);
  expect([...tensors.get('b')!.data]).toEqual([1, -2.5]);
  expect([...tensors.get('d')!.data]).toEqual([Math.fround(0.1)]);
});

test.each<[string, Uint8Array, RegExp]>([
  ['too short', new Uint8Array(4), /cannot hold a header/],
  ['a web page', new TextEncoder().encode('<!DOCTYPE html><html></html>'), /header's length/],
  ['cut off', file({ x: entry('F32', [2], 0, 8) }, new Uint8Array(7)), /end at byte 8, the file holds 7/],
  [
    'trailing bytes',
    file({ x: entry('F32', [1], 0, 4) }, new Uint8Array(5)),
    /end at byte 4, the file holds 5/,
  ],
  ['no JSON', file('{"x":'), /no UTF-8 JSON/],
  ['no object', file('[]'), /no JSON object/],
  ['header that does not begin with {', file(' {}'), /begins with {/],
  ['unknown dtype', file({ x: entry('F8', [1], 0, 1) }, [0]), /dtype F8/],
  ['an inherited name as dtype', file({ x: entry('toString', [1], 0, 1) }, [0]), /dtype toString/],
  ['shape against offsets', file({ x: entry('F32', [3], 0, 8) }, new Uint8Array(8)), /needs 12 bytes/],
  ['negative length', file({ x: entry('F32', [-1], 0, 4) }, new Uint8Array(4)), /whole numbers/],
  ['gap', file({ x: entry('U8', [1], 1, 2) }, [0, 0]), /begins at byte 1 where 0 was due/],
  [
    'overlap',
    file({ x: entry('U8', [2], 0, 2), y: entry('U8', [1], 1, 2) }, [0, 0]),
    /begins at byte 1 where 2/,
  ],
  ['metadata that are no strings', file({ __metadata__: { a: 1 } }), /map of strings/],
])('refused: %s', (_, bytes, message) => {
  expect(() => decodeSafetensors(bytes)).toThrow(InvalidSafetensors);
  expect(() => decodeSafetensors(bytes)).toThrow(message);
});
