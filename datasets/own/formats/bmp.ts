// Windows bitmaps of 1 to 32 bits, by bmp-ts: sharp's build reads none.
import { decode } from 'bmp-ts';
import { NotTaken, type Picture, type PictureChoice, requireSize } from './picture.ts';

const [core, windows] = [12, 40]; // bytes of the headers of OS/2 and of Windows

/** @throws NotTaken, and errors of bmp-ts */
export async function decodeBmp(bytes: Uint8Array, { mostPixels }: PictureChoice): Promise<Picture> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const header = file.length > 54 ? file.readUInt32LE(14) : 0;
  if (header === core) throw new NotTaken('kind', 'a bitmap of OS/2');
  if (header < windows) throw new NotTaken('broken', 'cut off within its header');
  const [width, height] = [file.readInt32LE(18), Math.abs(file.readInt32LE(22))];
  requireSize(width, height, mostPixels);
  requireWhole(file, width, height);
  const { data } = decode(file); // alpha, blue, green, red: with palettes its other order is wrong
  const samples = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < samples.length; from += 4, to += 3) {
    samples[to] = data[from + 3];
    samples[to + 1] = data[from + 2];
    samples[to + 2] = data[from + 1];
  }
  return { width, height, channels: 3, samples, areLevels: true };
}

/** The decoder takes what is missing for zeros. */
function requireWhole(file: Buffer, width: number, height: number): void {
  const [offset, bits, compression] = [file.readUInt32LE(10), file.readUInt16LE(28), file.readUInt32LE(30)];
  const isPacked = compression === 1 || compression === 2;
  const bytes = isPacked ? file.readUInt32LE(34) : Math.ceil((width * bits) / 32) * 4 * height;
  if (offset + bytes > file.length) {
    throw new NotTaken('broken', `needs ${offset + bytes} bytes, the file has ${file.length}`);
  }
}
