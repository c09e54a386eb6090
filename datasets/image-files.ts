// Images as files, of any format that sharp reads: a folder of them, in the order of their names.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import sharp, { type Metadata } from 'sharp';
import { type NdArray, ndarray } from '../numeric/array.ts';

const extensions = /\.(png|jpe?g|jpe|jfif|tiff?|webp|gif|bmp|avif)$/i;

/** A folder without images, or a file that is none; the message names it, and the way out. */
export class InvalidImage extends Error {
  override name = 'InvalidImage';
}

/** An image with the place that it was read from. */
export interface ImageFile {
  file: string;
  /** `[height, width, 3]`: alpha dropped, grey as three equal channels, of 16 bits the upper 8. */
  image: NdArray<Uint8Array>;
}

/** Whether a file is taken for an image, by its extension. */
export function isImageName(name: string): boolean {
  return extensions.test(name);
}

/**
 * The images of a folder (not below it), sorted by name.
 * @throws InvalidImage where there is none.
 */
export async function listImageFiles(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter(isImageName).sort();
  if (names.length === 0) {
    throw new InvalidImage(`${folder}: no image in this folder; PNG, JPEG, TIFF, WebP and GIF are read`);
  }
  return names.map(name => path.join(folder, name));
}

/**
 * Reads one image.
 * @throws InvalidImage where it cannot be decoded, or is not one picture of whole levels.
 */
export function readImageFile(file: string): Promise<ImageFile> {
  return decodeImage(file, file);
}

/**
 * Decodes an image: a file, or its bytes; `name` is for messages. Where `mostPixels` is given, a larger one is refused unread.
 * @throws InvalidImage where it cannot be decoded, or is not one picture of whole levels.
 */
export async function decodeImage(
  source: string | Uint8Array,
  name: string,
  mostPixels?: number,
): Promise<ImageFile> {
  try {
    const picture = sharp(source, mostPixels === undefined ? {} : { limitInputPixels: mostPixels });
    requireOnePicture(await picture.metadata());
    const { data, info } = await picture
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { file: name, image: ndarray(new Uint8Array(data), [info.height, info.width, info.channels]) };
  } catch (error) {
    throw new InvalidImage(`${name}: cannot be decoded (${(error as Error).message}); remove or repair it`);
  }
}

/** A stack of which only the first picture would be seen, or numbers that are no levels, are not taken for an image. */
function requireOnePicture({ pages = 1, depth }: Metadata): void {
  if (pages > 1) throw new Error(`it holds ${pages} pictures; save each as a file`);
  if (depth !== 'uchar' && depth !== 'ushort') {
    throw new Error(`its pixels are of type ${depth}; save them as levels of 8 or 16 bits`);
  }
}
