// The pixels of a DICOM frame by its transfer syntax (PS3.5, section 10): as they lie there, RLE, JPEG, lossless JPEG, JPEG 2000.
import { createRequire } from 'node:module';
import sharp from 'sharp';
import { mostPixels, NotTaken } from './picture.ts';

const require = createRequire(import.meta.url);
const losslessJpeg: {
  Decoder: new () => { decompress(bytes: ArrayBuffer): ArrayBuffer };
} = require('jpeg-lossless-decoder-js');

const root = '1.2.840.10008.1.2';
const native = [root, `${root}.1`, `${root}.2`, `${root}.1.99`];
const [rle, jpeg, lossless] = [
  `${root}.5`,
  [`${root}.4.50`, `${root}.4.51`],
  [`${root}.4.57`, `${root}.4.70`],
];
const jpeg2000 = [`${root}.4.90`, `${root}.4.91`, `${root}.4.201`, `${root}.4.202`, `${root}.4.203`];

/** How pixels lie in a file (PS3.3, C.7.6.3). */
export interface PixelForm {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly photometric: string;
  readonly isPlanar: boolean;
  /** Bits that a sample takes, and those that count. */
  readonly allocated: number;
  readonly stored: number;
  readonly highBit: number;
  readonly isSigned: boolean;
  readonly transferSyntax: string;
  readonly isBigEndian: boolean;
}

/** Whether pixels lie in the file as they are. */
export function isNative({ transferSyntax }: Pick<PixelForm, 'transferSyntax'>): boolean {
  return native.includes(transferSyntax);
}

/** The stored values of a frame, in rows, channels last, RGB. */
export async function decodeFrame(bytes: Uint8Array, form: PixelForm): Promise<ArrayLike<number>> {
  const values = await decoderOf(form)(bytes, form);
  if (values.length !== form.rows * form.columns * form.samples) {
    throw new NotTaken('broken', `${values.length} values for ${form.columns} × ${form.rows} pixels`);
  }
  return values;
}

type FrameDecoder = (bytes: Uint8Array, form: PixelForm) => ArrayLike<number> | Promise<ArrayLike<number>>;

function decoderOf({ transferSyntax: syntax }: PixelForm): FrameDecoder {
  if (native.includes(syntax)) return asItLies;
  if (syntax === rle) return byRunLengths;
  if (jpeg.includes(syntax)) return byJpeg;
  if (lossless.includes(syntax))
    return async (bytes, form) => counted(await byLosslessJpeg(bytes, form), form);
  if (jpeg2000.includes(syntax)) return async (bytes, form) => counted(await byJpeg2000(bytes, form), form);
  throw new NotTaken('kind', `DICOM of transfer syntax ${syntax}; save it uncompressed`);
}

function asItLies(bytes: Uint8Array, form: PixelForm): Int32Array {
  const values = counted(samplesOf(bytes, form.allocated, form.isBigEndian), form);
  return inRgb(channelsLast(values, form, form.isPlanar), form);
}

function byRunLengths(bytes: Uint8Array, form: PixelForm): Int32Array {
  return inRgb(channelsLast(counted(unpackRle(bytes, form), form), form, true), form);
}

function samplesOf(bytes: Uint8Array, bits: number, isBigEndian = false): Uint8Array | Uint16Array {
  if (bits === 8) return bytes;
  const copy = Buffer.from(bytes.subarray(0, bytes.length & ~1)); // aligned
  if (isBigEndian) copy.swap16();
  return new Uint16Array(new Uint8Array(copy).buffer);
}

/** The bits that count, with their sign. */
function counted(samples: ArrayLike<number>, { stored, highBit, isSigned }: PixelForm): Int32Array {
  const [shift, mask, sign] = [highBit + 1 - stored, 2 ** stored - 1, 2 ** (stored - 1)];
  return Int32Array.from(samples, sample => {
    const value = (sample >> shift) & mask;
    return isSigned && value >= sign ? value - 2 * sign : value;
  });
}

function channelsLast(values: Int32Array, { samples }: PixelForm, isPlanar: boolean): Int32Array {
  if (!isPlanar || samples === 1) return values;
  const pixels = values.length / 3;
  return values.map((_, i) => values[(i % 3) * pixels + Math.floor(i / 3)]);
}

/** YBR_FULL as RGB (C.7.6.3.1.2). */
function inRgb(
  values: Int32Array,
  { samples, photometric }: Pick<PixelForm, 'samples' | 'photometric'>,
): Int32Array {
  if (samples === 1 || photometric === 'RGB') return values;
  if (photometric === 'YBR_FULL_422') return inRgb(each422(values), { samples, photometric: 'YBR_FULL' });
  if (photometric !== 'YBR_FULL') throw new NotTaken('kind', `DICOM of colours ${photometric}`);
  const level = (value: number) => Math.min(255, Math.max(0, Math.round(value)));
  for (let i = 0; i + 2 < values.length; i += 3) {
    const [y, blue, red] = [values[i], values[i + 1] - 128, values[i + 2] - 128];
    values[i] = level(y + 1.402 * red);
    values[i + 1] = level(y - 0.344136 * blue - 0.714136 * red);
    values[i + 2] = level(y + 1.772 * blue);
  }
  return values;
}

/** Two pixels that share their colours, Y Y B R, as pixels of their own. */
function each422(values: Int32Array): Int32Array {
  const pixels = new Int32Array((values.length / 4) * 6);
  for (let from = 0, to = 0; from + 3 < values.length; from += 4, to += 6) {
    const [first, second, blue, red] = values.subarray(from, from + 4);
    pixels.set([first, blue, red, second, blue, red], to);
  }
  return pixels;
}

/** RLE (PS3.5, annex G): a segment for each byte of a sample, the upper one first. */
function unpackRle(
  bytes: Uint8Array,
  { rows, columns, samples, allocated }: PixelForm,
): Uint8Array | Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [pixels, bytesEach] = [rows * columns, allocated / 8];
  if (bytes.length < 64 || view.getUint32(0, true) !== samples * bytesEach)
    throw new NotTaken('broken', 'its RLE segments');
  const planes = bytesEach === 1 ? new Uint8Array(samples * pixels) : new Uint16Array(samples * pixels);
  for (let segment = 0; segment < samples * bytesEach; segment++) {
    const plane = Math.floor(segment / bytesEach) * pixels;
    const shift = bytesEach === 2 && segment % 2 === 0 ? 8 : 0;
    let at = view.getUint32(4 + 4 * segment, true);
    for (let done = 0; done < pixels; ) {
      if (at + 1 >= bytes.length) throw new NotTaken('broken', 'its RLE segments are cut off');
      const control = view.getInt8(at++);
      if (control === -128) continue;
      const [count, isRun] = control < 0 ? [1 - control, true] : [control + 1, false];
      for (let i = 0; i < count && done < pixels; i++)
        planes[plane + done++] |= bytes[isRun ? at : at + i] << shift;
      at += isRun ? 1 : count;
    }
  }
  return planes;
}

async function byJpeg(bytes: Uint8Array, { samples, stored, photometric }: PixelForm): Promise<Uint8Array> {
  if (stored > 8) throw new NotTaken('kind', 'DICOM of JPEG with 12 bits; save it uncompressed');
  return sharp(samples === 3 && photometric === 'RGB' ? asStored(bytes) : bytes, {
    failOn: 'error',
    limitInputPixels: mostPixels,
  })
    .toColourspace(samples === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer();
}

/** A JPEG whose colours are RGB as they are says so in Adobe's segment, which DICOM's lack. */
function asStored(bytes: Uint8Array): Uint8Array {
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('Adobe')) return bytes;
  const adobe = Buffer.from('ffee000e41646f626500640000000000', 'hex');
  return Buffer.concat([bytes.subarray(0, 2), adobe, bytes.subarray(2)]);
}

async function byLosslessJpeg(
  bytes: Uint8Array,
  { allocated }: PixelForm,
): Promise<Uint8Array | Uint16Array> {
  const decoded = new losslessJpeg.Decoder().decompress(new Uint8Array(bytes).buffer);
  return samplesOf(new Uint8Array(decoded), allocated);
}

/** The size in its codestream (ISO 15444-1, A.5.1), before anything is decoded. */
function requireJpeg2000Size(bytes: Uint8Array, columns: number, rows: number): void {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(
    Buffer.of(0xff, 0x4f, 0xff, 0x51),
  );
  if (at < 0 || at + 28 > bytes.length) throw new NotTaken('broken', 'its JPEG 2000 has no size');
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const [width, height] = [view.getUint32(8) - view.getUint32(16), view.getUint32(12) - view.getUint32(20)];
  if (width !== columns || height !== rows)
    throw new NotTaken('broken', `JPEG 2000 of ${width} × ${height} pixels`);
}

interface Jpeg2000Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): { bitsPerSample: number };
  decode(): void;
  delete(): void;
}

async function byJpeg2000(
  bytes: Uint8Array,
  { rows, columns }: PixelForm,
): Promise<Uint8Array | Uint16Array> {
  const openjpeg = await openJpeg();
  requireJpeg2000Size(bytes, columns, rows);
  const decoder = new openjpeg.J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const { bitsPerSample } = decoder.getFrameInfo();
    return samplesOf(Uint8Array.from(decoder.getDecodedBuffer()), bitsPerSample > 8 ? 16 : 8);
  } finally {
    decoder.delete();
  }
}

type OpenJpeg = { J2KDecoder: new () => Jpeg2000Decoder };
let loaded: Promise<OpenJpeg> | undefined;

function openJpeg(): Promise<OpenJpeg> {
  const start = require('@cornerstonejs/codec-openjpeg/decodewasmjs');
  loaded ??= start({ print: () => {}, printErr: () => {} }) as Promise<OpenJpeg>;
  return loaded;
}
