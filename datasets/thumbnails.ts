// All images of a set in pictures, tile by tile: what an interactive figure takes its thumbnails from.
import type { NdArray } from '../numeric/arrays/array.ts';

/** How tiles are laid out: row by row from the top left, image 0 first. */
export interface ThumbnailLayout {
  /** Tiles in a row. */
  readonly columns: number;
  /** Height and width of a tile in pixels. */
  readonly tile: number;
  /** Where one picture would be too large, there are several: images of each (the last may have fewer). */
  readonly perPicture?: number;
}

// Pixels a side. One picture of 300 MB as it is drawn, which browsers still show; of several, each 50 MB, loaded as it is needed.
const largestAlone = 10_000;
const largestOfSeveral = 4096;
const largestTile = 28; // of several pictures: as large as the images of most sets

/** The layout for `n` images of `size` × `size`: one picture as square as can be, or several with smaller tiles. */
export function thumbnailLayout(n: number, size: number): ThumbnailLayout {
  const columns = Math.max(1, Math.ceil(Math.sqrt(n)));
  if (columns * size <= largestAlone) return { columns, tile: size };
  const tile = Math.floor(size / Math.ceil(size / largestTile));
  const inRow = Math.floor(largestOfSeveral / tile);
  return { columns: inRow, tile, perPicture: inRow ** 2 };
}

/** File name of a picture: `thumbnails.png` is the first (and mostly the only one), `thumbnails-2.png` the second. */
export function thumbnailFile(picture: number): string {
  return picture === 0 ? 'thumbnails.png' : `thumbnails-${picture + 1}.png`;
}

/** Draws thumbnails of images that come in blocks, and hands on each picture (PNG, lossless) as it is full. */
export class ThumbnailPainter {
  readonly layout: ThumbnailLayout;
  readonly #n: number;
  readonly #keep: (picture: number, png: Uint8Array) => Promise<void>;
  #raster = new Uint8Array(0); // of the picture being drawn
  #painted = 0; // images, over all pictures

  /** `keep` is given each picture with its number, from 0. */
  constructor(n: number, layout: ThumbnailLayout, keep: (picture: number, png: Uint8Array) => Promise<void>) {
    this.layout = layout;
    this.#n = n;
    this.#keep = keep;
  }

  /** The next images, `[b, size, size, 3]`. */
  async add({ data, shape: [b, size] }: NdArray<Uint8Array>): Promise<void> {
    const { tile, perPicture = this.#n } = this.layout;
    for (let i = 0; i < b; i++) {
      const image = data.subarray(i * size * size * 3, (i + 1) * size * size * 3);
      const place = this.#painted % perPicture;
      if (place === 0) this.#raster = new Uint8Array(this.#rows() * this.#line() * tile);
      this.#paint(tile === size ? image : boxShrink(image, size, tile), place);
      this.#painted++;
      if (place === perPicture - 1 || this.#painted === this.#n) await this.#finish();
    }
  }

  /** Rows of tiles in the picture that the next image belongs to. */
  #rows(): number {
    const { columns, perPicture = this.#n } = this.layout;
    return Math.ceil(Math.min(perPicture, this.#n - this.#painted) / columns);
  }

  /** Bytes of a row of pixels. */
  #line(): number {
    return this.layout.columns * this.layout.tile * 3;
  }

  #paint(image: Uint8Array, place: number): void {
    const { columns, tile } = this.layout;
    const [line, across] = [this.#line(), tile * 3];
    const corner = Math.floor(place / columns) * tile * line + (place % columns) * across;
    for (let row = 0; row < tile; row++) {
      this.#raster.set(image.subarray(row * across, (row + 1) * across), corner + row * line);
    }
  }

  async #finish(): Promise<void> {
    const { columns, tile, perPicture = this.#n } = this.layout;
    const height = this.#raster.length / this.#line();
    const raw = { width: columns * tile, height, channels: 3 } as const;
    const { default: sharp } = await import('sharp'); // layouts are asked for without it
    const png = await sharp(this.#raster, { raw }).png({ adaptiveFiltering: true }).toBuffer();
    await this.#keep(Math.ceil(this.#painted / perPicture) - 1, png);
  }
}

/** An image `[size, size, 3]` at a whole fraction of its size: each pixel the mean of a square of them. */
function boxShrink(image: Uint8Array, size: number, tile: number): Uint8Array {
  const factor = Math.floor(size / tile);
  const shrunk = new Uint8Array(tile * tile * 3);
  for (let row = 0; row < tile; row++) {
    for (let i = 0; i < tile * 3; i++) {
      const column = Math.floor(i / 3);
      let sum = 0;
      for (let y = 0; y < factor; y++) {
        const start = ((row * factor + y) * size + column * factor) * 3 + (i % 3);
        for (let x = 0; x < factor; x++) sum += image[start + 3 * x];
      }
      shrunk[row * tile * 3 + i] = Math.round(sum / factor ** 2);
    }
  }
  return shrunk;
}
