// All images of a set in one picture, tile by tile: what an interactive figure takes its thumbnails from.
import sharp from 'sharp';
import type { NdArray } from '../numeric/array.ts';

export interface ThumbnailAtlas {
  /** The picture, PNG; tiles row by row from the top left, image 0 first. */
  readonly png: Uint8Array;
  /** Tiles in a row. */
  readonly columns: number;
  /** Height and width of a tile in pixels. */
  readonly tile: number;
}

const largestSide = 16384; // pixels; the largest texture of common graphics cards

/**
 * Lays out `images` `[n, size, size, 3]` in a grid that is as square as can be, lossless.
 * @throws RangeError where the picture would be larger than graphics cards can show.
 */
export async function thumbnailAtlas({ data, shape }: NdArray<Uint8Array>): Promise<ThumbnailAtlas> {
  const [n, height, tile] = shape;
  if (height !== tile) throw new RangeError(`thumbnails: images must be square, found ${height}×${tile}`);
  const columns = Math.max(1, Math.ceil(Math.sqrt(n)));
  const rows = Math.max(1, Math.ceil(n / columns));
  if (columns * tile > largestSide) {
    throw new RangeError(
      `thumbnails: ${n} images of ${tile}×${tile} need a side of ${columns * tile} pixels, at most ${largestSide} can be shown; take a subset`,
    );
  }
  const raster = new Uint8Array(rows * columns * tile * tile * 3);
  const [line, width] = [tile * 3, columns * tile * 3]; // bytes
  for (let i = 0; i < n; i++) {
    const corner = Math.floor(i / columns) * tile * width + (i % columns) * line;
    for (let row = 0; row < tile; row++) {
      const start = (i * tile + row) * line;
      raster.set(data.subarray(start, start + line), corner + row * width);
    }
  }
  const png = await sharp(raster, { raw: { width: columns * tile, height: rows * tile, channels: 3 } })
    .png({ adaptiveFiltering: true })
    .toBuffer();
  return { png, columns, tile };
}
