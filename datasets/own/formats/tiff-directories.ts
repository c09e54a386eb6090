// The directories of a TIFF file (TIFF 6.0, section 2; BigTIFF): how many pictures it holds, and of what kind each is.
import { NotTaken } from './picture.ts';

export interface Directory {
  /** From 0. */
  readonly number: number;
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. */
  readonly bits: number;
  /** 1 whole numbers, 2 signed ones, 3 floats. */
  readonly sampleFormat: number;
  readonly compression: number;
  readonly photometric: number;
  readonly orientation: number;
  /** A reduced copy of another picture, or its mask (NewSubfileType). */
  readonly isReducedOrMask: boolean;
}

const mostDirectories = 10_000;
const tags = {
  subfile: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  orientation: 274,
  format: 339,
};
const sizes: Record<number, number> = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 }; // bytes of whole numbers by their type

/** @throws NotTaken where there is none, or they lead out of the file */
export function directories(bytes: Uint8Array): Directory[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = bytes[0] === 0x49;
  const isBig = view.getUint16(2, little) === 43;
  const long = (at: number) => (isBig ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
  const found: Directory[] = [];
  const met = new Set<number>();
  try {
    for (let at = long(isBig ? 8 : 4); at !== 0 && !met.has(at) && found.length < mostDirectories; ) {
      met.add(at);
      const count = isBig ? long(at) : view.getUint16(at, little);
      const [first, size] = isBig ? [at + 8, 20] : [at + 2, 12];
      const values = new Map<number, number>();
      for (let entry = first; entry < first + count * size; entry += size) {
        const value = valueAt(view, entry, isBig, little);
        if (value !== undefined) values.set(view.getUint16(entry, little), value);
      }
      found.push(directoryOf(values, found.length));
      at = long(first + count * size);
    }
  } catch (error) {
    if (!(error instanceof RangeError) || found.length === 0)
      throw new NotTaken('broken', 'its directory is cut off');
  }
  if (found.length === 0) throw new NotTaken('broken', 'has no directory');
  return found;
}

/** The first whole number of an entry; undefined where it holds none. */
function valueAt(view: DataView, entry: number, isBig: boolean, little: boolean): number | undefined {
  const type = view.getUint16(entry + 2, little);
  const size = sizes[type];
  if (!size) return undefined;
  const count = isBig ? Number(view.getBigUint64(entry + 4, little)) : view.getUint32(entry + 4, little);
  const [place, room] = isBig ? [entry + 12, 8] : [entry + 8, 4];
  const isWithin = count * size <= room;
  const at = isWithin
    ? place
    : isBig
      ? Number(view.getBigUint64(place, little))
      : view.getUint32(place, little);
  if (at + size > view.byteLength) return undefined; // a tag of no matter, as a rule
  if (size === 1) return view.getUint8(at);
  if (size === 2) return view.getUint16(at, little);
  return size === 4 ? view.getUint32(at, little) : Number(view.getBigUint64(at, little));
}

function directoryOf(values: ReadonlyMap<number, number>, number: number): Directory {
  const value = (tag: keyof typeof tags, otherwise: number) => values.get(tags[tag]) ?? otherwise;
  return {
    number,
    width: value('width', 0),
    height: value('height', 0),
    bits: value('bits', 1),
    sampleFormat: value('format', 1),
    compression: value('compression', 1),
    photometric: value('photometric', 1),
    orientation: value('orientation', 1),
    isReducedOrMask: (value('subfile', 0) & 5) !== 0,
  };
}
