// Reads a picture of any kind.
import { readFile } from 'node:fs/promises';
import { kindOf } from './kind.ts';
import { NotTaken, type Picture, type PictureChoice } from './picture.ts';

/**
 * Decodes a picture: a file, or its bytes.
 * @throws NotTaken where it cannot be taken; errors of the disk
 */
export async function readPicture(source: string | Uint8Array, choice: PictureChoice = {}): Promise<Picture> {
  const bytes = typeof source === 'string' ? await readFile(source) : source;
  try {
    return await (await decoderOf(bytes))(bytes, choice);
  } catch (error) {
    if (error instanceof NotTaken) throw error;
    throw new NotTaken('broken', firstLine((error as Error).message ?? String(error)));
  }
}

/** How many pictures a file holds, its own reduced copies not counted. */
export async function countPictures(bytes: Uint8Array): Promise<number> {
  try {
    switch (kindOf(bytes)) {
      case 'tiff':
        return (await import('./tiff.ts')).fullPages(bytes).length;
      case 'dicom':
        return (await import('./dicom.ts')).frameCount(bytes);
      case 'raster':
        return await (await import('./raster.ts')).pageCount(bytes);
      default:
        return 1;
    }
  } catch {
    return 1; // decoding it says what is wrong
  }
}

type Decoder = (bytes: Uint8Array, choice: PictureChoice) => Promise<Picture>;

/** Loaded when a file of the kind is met. */
async function decoderOf(bytes: Uint8Array): Promise<Decoder> {
  switch (kindOf(bytes)) {
    case 'raster':
      return (await import('./raster.ts')).decodeRaster;
    case 'tiff':
      return (await import('./tiff.ts')).decodeTiff;
    case 'bmp':
      return (await import('./bmp.ts')).decodeBmp;
    case 'dicom':
      return (await import('./dicom.ts')).decodeDicom;
    default:
      throw new NotTaken('broken', bytes.length === 0 ? 'is empty' : 'is no image');
  }
}

/** A decoder's words, once: libvips repeats them. */
function firstLine(text: string): string {
  return text.split('\n')[0].trim().slice(0, 200);
}
