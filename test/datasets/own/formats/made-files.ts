// Pictures as microscopes, scanners and hospitals write them, made byte by byte: the form is stated, no encoder is trusted.
import { deflateRawSync } from 'node:zlib';

/** Rows of grey values, or of [red, green, blue]. */
export type Rows = readonly (readonly (number | readonly number[])[])[];

const flat = (rows: Rows) => rows.flatMap(row => row.flatMap(pixel => pixel as number | number[]));

/** A bitmap of 24 bits, bottom row first; or of 8 bits with a grey palette. */
export function bmp(rows: Rows, bits: 8 | 24 = 24): Buffer {
  const [height, width] = [rows.length, rows[0].length];
  const palette =
    bits === 8 ? Buffer.from(Array.from({ length: 256 }, (_, i) => [i, i, i, 0]).flat()) : Buffer.alloc(0);
  const lines = [...rows].reverse().map(row => {
    const bytes = row.flatMap(pixel =>
      bits === 24 ? [...(pixel as readonly number[])].reverse() : [pixel as number],
    );
    return Buffer.from([...bytes, ...Array<number>((4 - (bytes.length % 4)) % 4).fill(0)]);
  });
  const body = Buffer.concat(lines);
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54 + palette.length + body.length, 2);
  header.writeUInt32LE(54 + palette.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(body.length, 34);
  header.writeUInt32LE(bits === 8 ? 256 : 0, 46);
  return Buffer.concat([header, palette, body]);
}

interface TiffForm {
  bits?: 8 | 12 | 16 | 32;
  floats?: boolean;
  orientation?: number;
  photometric?: number;
  /** What the file says; its pixels are uncompressed. */
  compression?: number;
  /** NewSubfileType of pages after the first. */
  subfile?: number;
  /** Further tags of the first page. */
  extra?: readonly (readonly [tag: number, type: number, data: Buffer])[];
}

const typeBytes: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4 };

/** Little-endian, uncompressed, a strip a page. */
export function tiff(pages: readonly Rows[], form: TiffForm = {}): Buffer {
  const { bits = 8, floats = false, compression = 1, orientation, photometric, subfile, extra = [] } = form;
  const short = (...values: number[]) => Buffer.from(Uint16Array.from(values).buffer);
  const long = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
  let out: Buffer = Buffer.from('II*\0\0\0\0\0', 'latin1');
  let link = 4;
  pages.forEach((rows, number) => {
    const samples = Array.isArray(rows[0][0]) ? 3 : 1;
    const pixels = packed(rows, bits, floats);
    const tags: (readonly [number, number, Buffer])[] = [
      [256, 4, long(rows[0].length)],
      [257, 4, long(rows.length)],
      [258, 3, short(...Array<number>(samples).fill(bits))],
      [259, 3, short(compression)],
      [262, 3, short(photometric ?? (samples === 3 ? 2 : 1))],
      [273, 4, long(out.length)],
      [277, 3, short(samples)],
      [278, 4, long(rows.length)],
      [279, 4, long(pixels.length)],
      ...(orientation ? [[274, 3, short(orientation)] as const] : []),
      ...(floats ? [[339, 3, short(...Array<number>(samples).fill(3))] as const] : []),
      ...(subfile && number > 0 ? [[254, 4, long(subfile)] as const] : []),
      ...(number === 0 ? extra : []),
    ];
    out = even(Buffer.concat([out, pixels]));
    const entries = tags
      .sort(([a], [b]) => a - b)
      .map(([tag, type, data]) => {
        const entry = Buffer.alloc(12);
        entry.writeUInt16LE(tag);
        entry.writeUInt16LE(type, 2);
        entry.writeUInt32LE(data.length / typeBytes[type], 4);
        if (data.length <= 4) data.copy(entry, 8);
        else {
          entry.writeUInt32LE(out.length, 8);
          out = even(Buffer.concat([out, data]));
        }
        return entry;
      });
    out.writeUInt32LE(out.length, link);
    out = Buffer.concat([out, short(entries.length), ...entries, long(0)]);
    link = out.length - 4;
  });
  return out;
}

function packed(rows: Rows, bits: number, floats: boolean): Buffer {
  const values = flat(rows);
  if (floats) return Buffer.from(Float32Array.from(values).buffer);
  if (bits === 16) return Buffer.from(Uint16Array.from(values).buffer);
  if (bits === 8) return Buffer.from(values);
  const lines = rows.map(row => {
    const digits = flat([row])
      .map(value => value.toString(2).padStart(bits, '0'))
      .join('');
    return (digits.match(/.{1,8}/g) ?? []).map(byte => Number.parseInt(byte.padEnd(8, '0'), 2));
  });
  return Buffer.from(lines.flat());
}

const even = (bytes: Buffer) => (bytes.length % 2 ? Buffer.concat([bytes, Buffer.alloc(1)]) : bytes);

export const syntaxes = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  bigEndian: '1.2.840.10008.1.2.2',
  rle: '1.2.840.10008.1.2.5',
  jpeg: '1.2.840.10008.1.2.4.50',
  jpegLs: '1.2.840.10008.1.2.4.80',
};

export interface DicomForm {
  syntax?: string;
  bits?: number;
  allocated?: 8 | 16;
  isSigned?: boolean;
  photometric?: string;
  frames?: number;
  /** Slope and intercept. */
  rescale?: readonly [number, number];
  /** Centre and width. */
  window?: readonly [number, number];
  /** In place of the values as they are: a compressed frame. */
  encapsulated?: Buffer;
}

/** A DICOM file (PS3.10) of one patient who never was, with a private tag. */
export function dicom(rows: Rows, form: DicomForm = {}): Buffer {
  const {
    syntax = syntaxes.explicit,
    allocated = 16,
    bits = allocated,
    isSigned = false,
    frames,
    encapsulated,
  } = form;
  const isBig = syntax === syntaxes.bigEndian;
  const samples = Array.isArray(rows[0][0]) ? 3 : 1;
  const us = (value: number) => {
    const bytes = Buffer.alloc(2);
    if (isBig) bytes.writeUInt16BE(value);
    else bytes.writeUInt16LE(value);
    return bytes;
  };
  const text = (value: string) => even(Buffer.from(value));
  const element = (
    tag: number,
    vr: string,
    data: Buffer,
    explicit = syntax !== syntaxes.implicit,
    big = isBig,
  ) => {
    const head = Buffer.alloc(explicit && !long.includes(vr) ? 8 : explicit ? 12 : 8);
    const [u16, u32] = big
      ? (['writeUInt16BE', 'writeUInt32BE'] as const)
      : (['writeUInt16LE', 'writeUInt32LE'] as const);
    head[u16](tag >>> 16, 0);
    head[u16](tag & 0xffff, 2);
    const length = data === encapsulated ? 0xffffffff : data.length;
    if (!explicit) head[u32](length, 4);
    else {
      head.write(vr, 4);
      if (long.includes(vr)) head[u32](length, 8);
      else head[u16](length, 6);
    }
    return Buffer.concat([head, data === encapsulated ? fragments(data) : data]);
  };
  const values = flat(rows);
  const pixels =
    allocated === 8 ? Buffer.from(values) : Buffer.concat(values.map(value => us(value & 0xffff)));
  const meta = element(
    0x00020010,
    'UI',
    text(`${syntax}\0`.slice(0, syntax.length + (syntax.length % 2))),
    true,
    false,
  );
  const body = Buffer.concat([
    element(0x00080060, 'CS', text('OT')),
    element(0x00091001, 'LO', text('of the vendor')),
    element(0x00100010, 'PN', text('Nobody^Never')),
    element(0x00280002, 'US', us(samples)),
    element(0x00280004, 'CS', text(form.photometric ?? (samples === 3 ? 'RGB' : 'MONOCHROME2'))),
    ...(samples === 3 ? [element(0x00280006, 'US', us(0))] : []),
    ...(frames ? [element(0x00280008, 'IS', text(String(frames)))] : []),
    element(0x00280010, 'US', us(rows.length)),
    element(0x00280011, 'US', us(rows[0].length)),
    element(0x00280100, 'US', us(allocated)),
    element(0x00280101, 'US', us(bits)),
    element(0x00280102, 'US', us(bits - 1)),
    element(0x00280103, 'US', us(Number(isSigned))),
    ...(form.window ? form.window.map((value, i) => element(0x00281050 + i, 'DS', text(String(value)))) : []),
    ...(form.rescale
      ? [
          element(0x00281052, 'DS', text(String(form.rescale[1]))),
          element(0x00281053, 'DS', text(String(form.rescale[0]))),
        ]
      : []),
    element(0x7fe00010, allocated === 8 ? 'OB' : 'OW', encapsulated ?? even(pixels)),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    element(0x00020000, 'UL', length, true, false),
    meta,
    syntax === syntaxes.deflated ? deflateRawSync(body) : body,
  ]);
}

const long = ['OB', 'OW', 'UN', 'SQ'];

/** An empty offset table, one fragment, and the end (PS3.5, A.4). */
function fragments(data: Buffer): Buffer {
  const item = (length: number) => {
    const head = Buffer.from('feff00e000000000', 'hex');
    head.writeUInt32LE(length, 4);
    return head;
  };
  const whole = even(data);
  return Buffer.concat([item(0), item(whole.length), whole, Buffer.from('feffdde000000000', 'hex')]);
}

/** A frame of one sample, every byte of it literal (PS3.5, annex G): the upper bytes first. */
export function rleFrame(values: readonly number[]): Buffer {
  const segment = (bytes: readonly number[]) => {
    const parts: number[] = [];
    for (let i = 0; i < bytes.length; i += 128) {
      const part = bytes.slice(i, i + 128);
      const isRun = part.length > 1 && part.every(byte => byte === part[0]);
      parts.push(...(isRun ? [257 - part.length, part[0]] : [part.length - 1, ...part]));
    }
    return even(Buffer.from(parts));
  };
  const segments = [segment(values.map(value => value >> 8)), segment(values.map(value => value & 255))];
  const header = Buffer.alloc(64);
  header.writeUInt32LE(2);
  header.writeUInt32LE(64, 4);
  header.writeUInt32LE(64 + segments[0].length, 8);
  return Buffer.concat([header, ...segments]);
}
