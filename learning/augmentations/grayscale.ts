// The grey level of a colour, as Pillow's conversion to mode L takes it.

/** ITU-R 601 luma in 16-bit fixed point, rounded (Pillow, `L24` in `Convert.c`). */
export function greyLevel(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}

/** Gives every pixel of `pixels` (RGB, RGB, …) its grey level in all three channels, in place. */
export function grayscale(pixels: Uint8Array): void {
  for (let i = 0; i < pixels.length; i += 3) {
    const grey = greyLevel(pixels[i], pixels[i + 1], pixels[i + 2]);
    pixels[i] = grey;
    pixels[i + 1] = grey;
    pixels[i + 2] = grey;
  }
}
