// Images as files, of any format that sharp reads: a folder of them, in the order of their names.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { type NdArray, ndarray } from '../numeric/array.ts';

const extensions = /\.(png|jpe?g|tiff?|webp|gif|bmp|avif)$/i;

/** A folder without images, or a file that is none; the message names it, and the way out. */
export class InvalidImage extends Error {
  override name = 'InvalidImage';
}

/** An image with the place that it was read from. */
export interface ImageFile {
  file: string;
  /** `[height, width, 3]`: alpha dropped, grey as three equal channels. */
  image: NdArray<Uint8Array>;
}

/**
 * Reads all images of a folder (not below it), sorted by name.
 * @throws InvalidImage where there is none, or one cannot be decoded.
 */
export async function readImageFiles(folder: string): Promise<ImageFile[]> {
  const names = (await readdir(folder)).filter(name => extensions.test(name)).sort();
  if (names.length === 0) {
    throw new InvalidImage(`${folder}: no image in this folder; PNG, JPEG, TIFF, WebP and GIF are read`);
  }
  const images: ImageFile[] = [];
  for (const name of names) images.push(await readImageFile(path.join(folder, name)));
  return images;
}

async function readImageFile(file: string): Promise<ImageFile> {
  try {
    const { data, info } = await sharp(file)
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { file, image: ndarray(new Uint8Array(data), [info.height, info.width, info.channels]) };
  } catch (error) {
    throw new InvalidImage(`${file}: cannot be decoded (${(error as Error).message}); remove or repair it`);
  }
}
