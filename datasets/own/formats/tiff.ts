// TIFF as microscopes write it: by sharp where it can, by geotiff where it cannot (floats, 12 bits packed, other compressions).
import { fromArrayBuffer, type GeoTIFFImage } from 'geotiff';
import sharp from 'sharp';
import { mostPixels as most, NotTaken, type Picture, type PictureChoice, requireSize } from './picture.ts';
import { decodeWithSharp } from './raster.ts';
import { type Directory, directories } from './tiff-directories.ts';

/** @throws NotTaken, and errors of the decoders */
export async function decodeTiff(bytes: Uint8Array, choice: PictureChoice): Promise<Picture> {
  const pages = fullPages(bytes);
  if (pages.length > 1 && choice.page === undefined) throw new NotTaken('stack', `${pages.length} pictures`);
  const chosen = pages[(choice.page ?? 1) - 1];
  if (!chosen) throw new NotTaken('stack', `${pages.length} pictures, none at --page ${choice.page}`);
  requireSize(chosen.width, chosen.height, choice.mostPixels);
  const { sampleFormat, bits, compression } = chosen;
  if (!compressions.includes(compression)) throw new NotTaken('kind', `TIFF of compression ${compression}`);
  if (sampleFormat === 1 && (bits === 16 || bits <= 8)) {
    try {
      return await withSharp(bytes, chosen, choice);
    } catch (error) {
      return await withGeotiff(bytes, chosen).catch(() => {
        throw error;
      });
    }
  }
  return withGeotiff(bytes, chosen);
}

/** None, CCITT, LZW, JPEG, Deflate, PackBits, LERC, Zstandard, WebP: of others the decoders may give zeros without a word. */
const compressions = [1, 2, 3, 4, 5, 7, 8, 32773, 32946, 34887, 50000, 50001];

/** The pictures of a file without their reduced copies, masks and thumbnails. */
export function fullPages(bytes: Uint8Array): Directory[] {
  const all = directories(bytes);
  const full = all.filter(({ isReducedOrMask }) => !isReducedOrMask);
  const [first] = full;
  if (!first) return all.slice(0, 1);
  const isCopy = ({ width, height }: Directory) =>
    width < first.width &&
    Math.abs(width * first.height - height * first.width) <= 2 * Math.max(first.width, first.height);
  return full.filter(page => page === first || !isCopy(page));
}

async function withSharp(bytes: Uint8Array, { number }: Directory, choice: PictureChoice): Promise<Picture> {
  const page = number + 1;
  const options = { failOn: 'error', limitInputPixels: choice.mostPixels ?? most, page: number } as const;
  return decodeWithSharp(bytes, await sharp(bytes, options).metadata(), { ...choice, page });
}

const [whiteIsZero, palette] = [0, 3];

async function withGeotiff(bytes: Uint8Array, page: Directory): Promise<Picture> {
  const file = await fromArrayBuffer(new Uint8Array(bytes).buffer);
  const image = await file.getImage(page.number);
  requireParts(image, bytes.length);
  const stored = image.getSamplesPerPixel();
  const { width, height, photometric } = page;
  if (photometric === palette || photometric > palette) {
    return { width, height, channels: 3, samples: await colours(image), areLevels: true };
  }
  if (stored > 4) throw new NotTaken('channels', `${stored} channels`);
  const channels = stored < 3 ? 1 : 3;
  const samples = await image.readRasters({ interleave: true, samples: channels === 1 ? [0] : [0, 1, 2] });
  if (samples.length !== width * height * channels) throw new NotTaken('broken', 'cut off');
  const values = samples instanceof Float64Array ? Float32Array.from(samples) : samples;
  return upright(
    {
      ...{ width, height, channels, samples: values as Picture['samples'] },
      areLevels: page.sampleFormat === 1 && page.bits === 8,
      inverted: photometric === whiteIsZero,
    },
    page.orientation,
  );
}

/** Strips or tiles each have a place in the file, of two bytes at least: where it says that there are more, geotiff would wait for millions of nothing. */
function requireParts(image: GeoTIFFImage, fileBytes: number): void {
  const across = Math.ceil(image.getWidth() / image.getTileWidth());
  const down = Math.ceil(image.getHeight() / image.getTileHeight());
  if (!(2 * across * down <= fileBytes)) throw new NotTaken('broken', 'cut off');
}

async function colours(image: GeoTIFFImage): Promise<Uint8Array> {
  return Uint8Array.from((await image.readRGB({ interleave: true })) as Uint8Array);
}

/** The picture as an orientation tag (1 … 8) says that it is to be seen. */
function upright(picture: Picture, orientation: number): Picture {
  if (!(orientation >= 2 && orientation <= 8)) return picture;
  const { width, height, channels, samples } = picture;
  const isTurned = orientation >= 5;
  const [outWidth, outHeight] = isTurned ? [height, width] : [width, height];
  const turned = samples.slice();
  const [mirrorX, mirrorY] = [[2, 3, 6, 7].includes(orientation), [3, 4, 7, 8].includes(orientation)];
  for (let y = 0, to = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      const [u, v] = [mirrorX ? outWidth - 1 - x : x, mirrorY ? outHeight - 1 - y : y];
      const from = (isTurned ? u * width + v : v * width + u) * channels;
      for (let channel = 0; channel < channels; channel++) turned[to++] = samples[from + channel];
    }
  }
  return { ...picture, width: outWidth, height: outHeight, samples: turned };
}
