// PNG, JPEG, GIF, WebP, AVIF, and most TIFFs: what sharp decodes.
import sharp, { type Metadata, type Sharp } from 'sharp';
import { mostPixels as most, NotTaken, type Picture, type PictureChoice, requireSize } from './picture.ts';

/** @throws NotTaken, and errors of sharp */
export async function decodeRaster(bytes: Uint8Array, choice: PictureChoice): Promise<Picture> {
  const metadata = await open(bytes, choice).metadata();
  const { pages = 1 } = metadata;
  if (pages > 1 && choice.page === undefined) throw new NotTaken('stack', `${pages} pictures`);
  if (choice.page !== undefined && choice.page > pages) {
    throw new NotTaken('stack', `${pages} pictures, none at --page ${choice.page}`);
  }
  return decodeWithSharp(bytes, metadata, choice);
}

export async function pageCount(bytes: Uint8Array): Promise<number> {
  return (await open(bytes, {}).metadata()).pages ?? 1;
}

/** Levels of 8 bits, or samples of 16; upright, as an orientation tag says. */
export async function decodeWithSharp(
  bytes: Uint8Array,
  metadata: Metadata,
  choice: PictureChoice,
): Promise<Picture> {
  requireSize(metadata.width, metadata.height, choice.mostPixels);
  const isDeep = metadata.depth === 'ushort';
  const isGrey = metadata.channels < 3;
  const space = isDeep ? (isGrey ? 'grey16' : 'rgb16') : isGrey ? 'b-w' : 'srgb';
  const { data, info } = await open(bytes, choice)
    .autoOrient()
    .toColourspace(space)
    .removeAlpha()
    .raw({ depth: isDeep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels !== 1 && channels !== 3) throw new NotTaken('channels', `${channels} channels`);
  const samples = isDeep
    ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
    : new Uint8Array(data.buffer, data.byteOffset, data.length);
  return { width, height, channels, samples, areLevels: !isDeep };
}

/** Warnings about tags are no errors; what is cut off is. */
function open(bytes: Uint8Array, { page, mostPixels = most }: PictureChoice): Sharp {
  return sharp(bytes, { failOn: 'error', limitInputPixels: mostPixels, ...(page && { page: page - 1 }) });
}
