// Claims about PyTorch files: torch.save's own are read to the bit, views included; what is damaged or hostile is refused by name.
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readWeights } from '../../learning/pretrained-features.ts';
import { decodePytorchFile, InvalidPytorchFile, isPytorchFile } from '../../learning/weights/pytorch-file.ts';
import { encodeSafetensors } from '../../learning/weights/safetensors.ts';
import { ndarray } from '../../numeric/arrays/array.ts';

// Made by torch.save of PyTorch 2.15 (then gzip and base64): the state_dict, with keep_vars=True, of a Conv2d(1, 2, 2) and a
// BatchNorm2d(2) as parameters and buffers, and the further entries of which the first test tells.
const saved = gunzipSync(
  Buffer.from(
    `
H4sIAAAAAAACA62Xy3PbRBzH5Udcx3m0DWnTUiihBerQ1rHs+JG+nKrFFFRooj4Q5eHKtmqL2lJ+0johpaFhmCR0uAAXXjMMF/gPGKBcyo
3hBsMwHJiBGWZ4HBg4ceHCrtYxu0ra1Bgla4/k/X6+v33o95Mm5UBQEMJhYdXRJ2wRkGHOjZY1pMWmL9Xy0mbhvPdY8JdKVq2ml5BhmU7k
lF3Wbb183CihCAgjCviiag+GlSxzJjarG5UqAn8JWXapGis0kFFzIgVbLzaMWrkwrdlaXUe6HYHATbog3XQsuzCTiEAwGlU3YLKDe2oVHb
qoJJKvWRo6TS9GIKT6cJ84bFADJIrpBoTlMILuKVmIyn7Zh5sfQSQqB/EfPkfQc61K4u5F0KdA/yvuycZl2KTAZrUbM4rmyjgGqoEqjqLa
VaUuItxRDRPcIKbL/kXYIvsWYSvlDSHYpsB2yrtzGXYocJcbP+YVDc2Buz20BOyktHuatGFCu5fSdiHYrcB9lHb/MjygwB51I6XZDdM0zE
qhrmsmRDlmEkYo88Emcy9h7qPM/QhiCoyq/TxmRrMhzlHGQKSURJOSJJQxSkkhSCuQUbdSitmoF4oaKlV1p4BsrXRJL0OW0prrddIyK63l
GncNUnAAG+C1OIgNRkYo+BCCwwocUSO4AyaZzrTlYFiOCy0NE1gZQnCUhBaQ/Usg4UUOLMExSjmO4CEF8u5usK1ZeHhFXm0KT0xhWWARHi
FjepSKZAQnFXhMxTeKUNVqF+FxbgQn8KXWCE65cWRgEuOCCKZIHMFFUAjuNMWdQXBWgXNqF5kiWzNMeILjSe4WFtMtpuoys/AknfbzzWl/
ijCfpsxnEDyrQEEN4Y5lq1Gs6XCBgx53L7aQmoschyKd6BJBYlqZfOgUeRFBRYGqi3RKWg3vA6M12X6y3+PwHJVfYtaphqCugOmOTq9Poz
mweJUI01glIABiimdnCWx88/mWwKEEhKChwExjHmbdOw7vZKSRJATPu7/PRVWSn+DyPLzg3kIzuu3g7ANXZJ/jLhLJNjA/Dy9W3Ut+dy/C
1XlYwBf8TsMpxiblDWG1nL7+Ce5P2uRN8+CgEKJ5MHbRsusaKjTt8pIfp0ORgD7+4/uXyXySdnPQkHCgCWrmrIJWMypmXTdRXkqvTq23da
THSAC5WfiNjNJ/ywD6BYkGUJxDukUydV468h99V46agVBNJzEsHv5pO9kroVvG0CMc/beqjMbz0uHOAqDUhRz+mMD/uC3g9j5uN3D7cYJE
dmUicnkYdxheJ7I9TGRiXtot3JY/9SY+Mx/kYgQcXscnx/gk8tJBobPxu+Mm/h9dQ5+165/s2J/OOfF/88y3V9v1H+vYn6438X/JvP53u/
6pzuffPYi/8cMuvV3/9P/iv3r/k3iGXvvl9W34h23rxDPKxJPJS3vbiUc4JHyO094V4nfu1Xdz7Y4/2+H4F3LDN4j3W/u//J2k/uA63scY
7/G8lOsw/Z1/521yfJojMXxx+sO/1h9/r3CEzTM4BR4QOll/muMu1H/u5scvrOktsd5i5/n/VuPcSr1a9XJgDa9khET/1XuVs+vXrx1Cql
lA3fAd3TZwBb2skVePglHOS2L7gxGT8fR4KpPIJpLZTEbMZLOJTDydSqSy2bgo4ouJcXySSZEozU2D5SiOI+pG6SPBtuJknyX6VkXOvUd5
pezTwyAnC3cJaz56eAls+R/iCFMtwqpnDi+Erd/9HOTrFUjrucGrZStsD6c9FxLYeu8VsiWTF/7JCUWvkK11vJA8EjL11StkixQv/I4TJr
1Ctrp4HMOscMwrZMuCx5ETprxCNn97HLtZYdorZBMxL/yVE2a8QjaLehwjrDDrFbKpjxd+wwnHvUI2b/Xyjj3cBmhtnbXzGmfJK1ftHTbb
8MqJXoHLWV4lmwF2cMo3VpRr56ZJORTa1+y6M7C/JRvwfI8G6Xe2b+WxIkTecITKZnpO3zC6QlQz4Panff8BQz4asMkRAAA=
    `,
    'base64',
  ),
);

const bytesOf = (numbers: ArrayBufferView) =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** An archive as torch.save makes them: members stored as they are, under one folder. */
const archive = (members: Record<string, Uint8Array>, level: 0 | 9 = 0) =>
  zipSync({ tiny: members }, { level });

/** The members of `saved`, for another archive. */
const members = () =>
  Object.fromEntries(
    Object.entries(unzipSync(saved)).map(([name, body]) => [name.replace('tiny/', ''), body]),
  );

/** The same bytes, with those at some positions replaced. */
function changed(
  bytes: Uint8Array,
  changes: readonly (readonly [position: number, byte: number])[],
): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (const [position, byte] of changes) copy[position % copy.length] = byte;
  return copy;
}

/** The positions of the records in an archive's list of members. */
const listed = (zip: Uint8Array) =>
  [...zip.keys()].filter(at => Buffer.from(zip.subarray(at, at + 4)).equals(Buffer.from('PK\x01\x02')));

// --- A writer of pickles, in protocol 4: each function gives the bytes of one value --------------------------------

const utf8 = (text: string) => [...new TextEncoder().encode(text)];
const text = (value: string) => [0x8c, utf8(value).length, ...utf8(value)];
const integer = (value: bigint) => [0x8a, 8, ...bytesOf(BigInt64Array.of(value))];
const tuple = (...items: number[][]) => [0x28, ...items.flat(), 0x74];
const named = (module: string, name: string) => [...text(module), ...text(name), 0x93];
const call = (module: string, name: string, ...parameters: number[][]) => [
  ...named(module, name),
  ...tuple(...parameters),
  0x52,
];
const pickle = (...words: number[][]) =>
  Uint8Array.from([0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0, ...words.flat(), 0x2e]);
const dict = (...items: number[][]) => [0x7d, 0x28, ...items.flat(), 0x75];

interface Layout {
  sizes?: bigint[];
  strides?: bigint[];
  offset?: bigint;
  length?: bigint;
}

/** A float tensor in storage `0`. */
function tensor({ sizes = [2n], strides = [1n], offset = 0n, length = 2n }: Layout = {}): number[] {
  const id = tuple(text('storage'), named('torch', 'FloatStorage'), text('0'), text('cpu'), integer(length));
  return call(
    'torch._utils',
    '_rebuild_tensor_v2',
    [...id, 0x51],
    integer(offset),
    tuple(...sizes.map(integer)),
    tuple(...strides.map(integer)),
    [0x89],
    call('collections', 'OrderedDict'),
  );
}

/** A file of one storage, [1, 2]. */
const fileOf = (data: Uint8Array, storage = bytesOf(Float32Array.of(1, 2))) =>
  archive({ 'data.pkl': data, 'data/0': storage });
const one = (layout?: Layout) => fileOf(pickle(dict(text('x'), tensor(layout))));

/** A storage of 100,000 bytes, which each of ten tensors would copy. */
function copies(): Uint8Array {
  const all = { sizes: [25_000n], length: 25_000n };
  const items = Array.from({ length: 10 }, (_, i) => [...text(`x${i}`), ...tensor(all)]);
  return fileOf(pickle(dict(...items)), new Uint8Array(100_000));
}

/** An archive that lists its one member three times. */
function overlapping(): Uint8Array {
  const zip = zipSync({ a: new Uint8Array(1000) }, { level: 0 });
  const [begin] = listed(zip);
  const end = zip.length - 22;
  const list = zip.subarray(begin, end);
  return Uint8Array.from([
    ...zip.subarray(0, begin),
    ...list,
    ...list,
    ...list,
    ...changed(zip.subarray(end), [[10, 3]]),
  ]);
}

describe('decodePytorchFile', () => {
  it('reads what torch.save wrote: parameters, buffers, views and all floating-point types, without the integers', () => {
    const half = Float32Array.of(1, -2.5, 2 ** -24, Number.POSITIVE_INFINITY);
    expect([...decodePytorchFile(saved)]).toEqual([
      ['conv.weight', ndarray(Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7), [2, 1, 2, 2])],
      ['bn.weight', ndarray(Float32Array.of(1, 2), [2])],
      ['bn.bias', ndarray(Float32Array.of(2, 3), [2])],
      ['bn.running_mean', ndarray(Float32Array.of(3, 4), [2])],
      ['bn.running_var', ndarray(Float32Array.of(4, 5), [2])],
      ['transposed', ndarray(Float32Array.of(0, 3, 1, 4, 2, 5), [3, 2])], // arange(6).reshape(2, 3).t()
      ['row', ndarray(Float32Array.of(3, 4, 5), [3])], // the second row of the same storage
      ['half', ndarray(half, [4])],
      ['brain', ndarray(Float32Array.of(1, -2.5), [2])],
      ['double', ndarray(Float32Array.of(0.1), [1])],
      ['scalar', ndarray(Float32Array.of(7), [])],
      ['empty', ndarray(new Float32Array(0), [0, 4])],
    ]);
  });

  it('reads any offset and strides as PyTorch does', () => {
    const axis = fc.record({ size: fc.integer({ min: 0, max: 4 }), stride: fc.integer({ min: 0, max: 5 }) });
    fc.assert(
      fc.property(fc.array(axis, { maxLength: 3 }), fc.integer({ min: 0, max: 9 }), (axes, offset) => {
        const storage = Float32Array.from({ length: 128 }, (_, i) => i);
        const layout = {
          sizes: axes.map(({ size }) => BigInt(size)),
          strides: axes.map(({ stride }) => BigInt(stride)),
          offset: BigInt(offset),
          length: 128n,
        };
        const file = fileOf(pickle(dict(text('x'), tensor(layout))), bytesOf(storage));
        const positions = axes.reduce(
          (sums, { size, stride }) =>
            sums.flatMap(sum => Array.from({ length: size }, (_, i) => sum + i * stride)),
          [offset],
        );
        const expected = ndarray(
          Float32Array.from(positions),
          axes.map(({ size }) => size),
        );
        expect(decodePytorchFile(file).get('x')).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  it('reads a file that was saved without checksums', () => {
    const checksums = listed(saved).flatMap(at => [16, 17, 18, 19].map(field => [at + field, 0] as const));
    const file = changed(saved, checksums);
    expect(file).not.toEqual(Uint8Array.from(saved));
    expect(decodePytorchFile(file)).toEqual(decodePytorchFile(saved));
  });

  const firstStorage = saved.indexOf(bytesOf(Float32Array.of(0, 1, 2, 3)));
  const system = text('rm -rf /');
  it.each<[string, Uint8Array, RegExp]>([
    [
      'the format before 1.6',
      Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex'),
      /before PyTorch 1.6; take the newer/,
    ],
    [
      'a function of another module',
      fileOf(pickle(call('os', 'system', system))),
      /"os.system".*could run code/,
    ],
    [
      'a function of torch._utils that is not needed',
      fileOf(pickle(call('torch._utils', '_import_dotted_name', system))),
      /"torch._utils._import_dotted_name".*could run code/,
    ],
    [
      'a function named as protocol 2 does',
      fileOf(pickle([0x63, ...utf8('builtins\neval\n')])),
      /"builtins.eval"/,
    ],
    [
      'an instance of a class',
      fileOf(pickle(named('collections', 'OrderedDict'), [0x29, 0x81])),
      /0x81 \(NEWOBJ\)/,
    ],
    ['an unknown opcode', fileOf(pickle([0x49])), /opcode 0x49,.*could run code/],
    ['a call of data', fileOf(pickle(text('x'), [0x29, 0x52])), /a call of a string/],
    ['attributes of a tensor', fileOf(pickle(tensor(), dict(), [0x62])), /attributes of an object/],
    [
      'a checkpoint without tensors',
      fileOf(pickle(dict(text('net'), dict()))),
      /net holds a dict, no tensor/,
    ],
    ['no dict', fileOf(pickle(text('x'))), /holds a string/],
    ['a pickle without end', fileOf(pickle().subarray(0, -1)), /breaks off/],
    ['a text longer than the pickle', fileOf(pickle([0x58, 255, 255, 255, 255])), /breaks off/],
    [
      'no storage',
      archive({ 'data.pkl': pickle(dict(text('x'), tensor())) }),
      /x needs data\/0 of 2 × 4 bytes.*none/,
    ],
    ['a storage that is too short', one({ length: 3n }), /needs data\/0 of 3 × 4 bytes, the file has 8/],
    ['a tensor beyond its storage', one({ offset: 1n }), /x \[2\] reads element 2 of data\/0, which has 2/],
    ['sizes larger than the file', one({ sizes: [1n << 40n], strides: [0n] }), /more elements than the file/],
    [
      'sizes whose product overflows',
      one({ sizes: Array(60).fill(1n << 52n), strides: Array(60).fill(0n) }),
      /more el/,
    ],
    ['a stride that overflows', one({ strides: [(1n << 53n) - 1n] }), /reads element 9007199254740991/],
    ['a negative size', one({ sizes: [-1n] }), /impossible sizes/],
    ['a size beyond whole numbers', one({ sizes: [1n << 62n] }), /impossible sizes/],
    ['fewer strides than sizes', one({ strides: [] }), /impossible sizes or strides/],
    ['many copies of one storage', copies(), /more elements than the file/],
    ['half of the file', saved.subarray(0, saved.length / 2), /cut off/],
    ['a changed weight', changed(saved, [[firstStorage, 1]]), /data\/0 does not match its checksum/],
    ['compressed members', archive(members(), 9), /is compressed \(ZIP method 8\)/],
    ['members that overlap', overlapping(), /members are larger than the file/],
    ['another ZIP archive', zipSync({ 'a.txt': new Uint8Array(3) }, { level: 0 }), /without data.pkl/],
    ['big-endian', archive({ ...members(), byteorder: new Uint8Array(utf8('big')) }), /big-endian/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodePytorchFile(bytes)).toThrow(InvalidPytorchFile);
    expect(() => decodePytorchFile(bytes)).toThrow(message);
  });

  const change = fc.tuple(fc.nat({ max: saved.length }), fc.integer({ min: 0, max: 255 }));
  const changes = fc.array(change, { minLength: 1, maxLength: 4 });

  /** Reads, or refuses: nothing else may happen, and no more numbers come than the file has bytes. */
  function readsOrRefuses(bytes: Uint8Array): void {
    try {
      const tensors = [...decodePytorchFile(bytes).values()];
      expect(tensors.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThanOrEqual(bytes.length);
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidPytorchFile);
    }
  }

  it('reads or refuses a file with any bytes changed', () => {
    fc.assert(
      fc.property(changes, some => readsOrRefuses(changed(saved, some))),
      { numRuns: 1000 },
    );
  });

  it('reads or refuses any pickle, where the checksums are right', () => {
    const { 'data.pkl': good, ...rest } = members();
    fc.assert(
      fc.property(changes, some => readsOrRefuses(archive({ 'data.pkl': changed(good, some), ...rest }))),
      { numRuns: 1000 },
    );
  });

  it('refuses a file that was cut off anywhere', () => {
    fc.assert(
      fc.property(fc.nat({ max: saved.length - 1 }), length => {
        expect(() => decodePytorchFile(saved.subarray(0, length))).toThrow(InvalidPytorchFile);
      }),
    );
  });
});

describe('readWeights', () => {
  it('knows a PyTorch file and a safetensors file by their first bytes', () => {
    const weights = decodePytorchFile(saved);
    expect(readWeights(saved)).toEqual(weights);
    expect(readWeights(encodeSafetensors(weights))).toEqual(weights);
  });

  it('takes a safetensors file for one, though its first two bytes are those of a pickle', () => {
    const weights = new Map([['x'.repeat(585), ndarray(Float32Array.of(1), [1])]]);
    const bytes = encodeSafetensors(weights);
    expect([...bytes.subarray(0, 2)]).toEqual([0x80, 0x02]);
    expect(isPytorchFile(bytes)).toBe(false);
    expect(readWeights(bytes)).toEqual(weights);
  });
});
