// The mean colour at the borders of a dataset's images: what rotated corners are filled with (paper, augmentations).
import type { NdArray } from '../numeric/arrays/array.ts';

export type Rgb = [red: number, green: number, blue: number];

/**
 * The mean over images of each image's mean over its border pixels, every pixel once, in levels with their fractions.
 * `images` is `[n, height, width, 3]`. As `avg_border_col_agg` of the authors' dataloader/average_border_pixels.py.
 */
export function borderColour(images: NdArray<Uint8Array>): Rgb {
  const mean = new BorderMean();
  mean.add(images);
  return mean.colour();
}

/** The same for images that come in blocks, all of one size. Levels are summed as whole numbers: blocks change nothing. */
export class BorderMean {
  readonly #sum: Rgb = [0, 0, 0];
  #pixels = 0;

  add({ data, shape: [n, height, width] }: NdArray<Uint8Array>): void {
    for (let row = 0; row < height; row++) {
      const isEdge = row === 0 || row === height - 1;
      const step = isEdge ? 1 : Math.max(1, width - 1);
      for (let column = 0; column < width; column += step) {
        this.#pixels += n;
        for (let image = 0; image < n; image++) {
          const pixel = ((image * height + row) * width + column) * 3;
          for (let channel = 0; channel < 3; channel++) this.#sum[channel] += data[pixel + channel];
        }
      }
    }
  }

  colour(): Rgb {
    return this.#sum.map(total => total / this.#pixels) as Rgb;
  }
}

/** The colour as rotations use it: cut to whole levels, as Pillow does. */
export function fillColour(colour: Rgb): Rgb {
  return colour.map(Math.trunc) as Rgb;
}
