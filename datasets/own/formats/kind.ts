// What a file is, by its first bytes and not by its name.

/** Kinds of files that hold pictures, and kinds that people mistake for them. */
export type Kind = 'raster' | 'tiff' | 'bmp' | 'dicom' | 'other';

const bmpHeaders = [12, 40, 52, 56, 64, 108, 124]; // bytes

/** As many bytes as tell the kind. */
export const telling = 132;

/** The kind of a file that begins with `bytes`. */
export function kindOf(bytes: Uint8Array): Kind {
  const latin = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, telling)).toString(
    'latin1',
  );
  if (latin.slice(128, 132) === 'DICM') return 'dicom'; // what stands before is free, and may be a TIFF's beginning
  if (/^(\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|....ftyp(avif|avis|mif1))/s.test(latin))
    return 'raster';
  if (/^(II[*+]\0|MM\0[*+])/.test(latin)) return 'tiff';
  if (latin.startsWith('BM') && bmpHeaders.includes(bytes[14]) && latin.slice(15, 18) === '\0\0\0')
    return 'bmp';
  return 'other';
}
