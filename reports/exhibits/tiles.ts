// Single images cut from the thumbnails, as data URIs: what figures carry within them.
import sharp from 'sharp';
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import type { Thumbnails } from '../result.ts';
import type { Tiles } from './exhibit.ts';

/** The pictures of some images; none where there are no thumbnails. Each sheet is decoded once. */
export async function readTiles(
  thumbnails: Thumbnails | undefined,
  images: readonly number[],
): Promise<Tiles> {
  const tiles = new Map<number, string>();
  if (!thumbnails) return tiles;
  const { files, rows, columns, tile } = thumbnails;
  const perSheet = rows * columns;
  for (const [sheet, file] of files.entries()) {
    const wanted = [...new Set(images)].filter(image => Math.floor(image / perSheet) === sheet);
    if (wanted.length === 0) continue;
    const pixels = await sharp(file, { limitInputPixels: false }).removeAlpha().raw().toBuffer();
    for (const image of wanted) {
      const place = image % perSheet;
      const corner = (Math.floor(place / columns) * columns * tile + (place % columns)) * tile * 3;
      tiles.set(image, await pictureUri(cut(pixels, corner, columns * tile * 3, tile)));
    }
  }
  return tiles;
}

/** A square out of a raster whose lines are `line` bytes long. */
function cut(pixels: Uint8Array, corner: number, line: number, size: number): NdArray<Uint8Array> {
  const data = new Uint8Array(size * size * 3);
  for (let row = 0; row < size; row++) {
    const start = corner + row * line;
    data.set(pixels.subarray(start, start + size * 3), row * size * 3);
  }
  return ndarray(data, [size, size, 3]);
}

/** An image `[height, width, 3]` as a data URI. */
export async function pictureUri({ data, shape: [height, width] }: NdArray<Uint8Array>): Promise<string> {
  return dataUri(
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer(),
  );
}

function dataUri(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
