// The grey level of a colour, as Pillow's conversion to mode L takes it.
import { resetCurve, type TonedPixels } from './toned-pixels.ts';

/** ITU-R 601 luma in 16-bit fixed point, rounded (Pillow, `L24` in `Convert.c`). */
export function greyLevel(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}

/** Gives every pixel its grey level in all three channels. */
export function grayscale(pixels: TonedPixels): void {
  const { levels, curve } = pixels;
  for (let i = 0; i < levels.length; i += 3) {
    const grey = greyLevel(curve[levels[i]], curve[levels[i + 1]], curve[levels[i + 2]]);
    levels[i] = grey;
    levels[i + 1] = grey;
    levels[i + 2] = grey;
  }
  resetCurve(pixels);
}
