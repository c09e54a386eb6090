// Brightness, contrast and saturation: blends of an image with a duller one, in Pillow's arithmetic (`ImageEnhance`).
import { greyLevel } from './grayscale.ts';
import { adjustHue } from './hue.ts';
import type { Jitter, JitterStep } from './view-parameters.ts';

/** Applies the colour steps to `pixels` (RGB, RGB, …) in their order, in place. */
export function colorJitter(pixels: Uint8Array, jitter: Jitter): void {
  for (const step of jitter.order) adjust[step](pixels, jitter[step]);
}

const adjust: Record<JitterStep, (pixels: Uint8Array, factor: number) => void> = {
  brightness: adjustBrightness,
  contrast: adjustContrast,
  saturation: adjustSaturation,
  hue: adjustHue,
};

/** Blends with black: factor 0 gives black, 1 the image. */
export function adjustBrightness(pixels: Uint8Array, factor: number): void {
  blendWithGrey(pixels, 0, factor);
}

/** Blends with the mean grey level, rounded: factor 0 gives plain grey, 1 the image. */
export function adjustContrast(pixels: Uint8Array, factor: number): void {
  let sum = 0;
  for (let i = 0; i < pixels.length; i += 3) sum += greyLevel(pixels[i], pixels[i + 1], pixels[i + 2]);
  blendWithGrey(pixels, Math.floor(sum / (pixels.length / 3) + 0.5), factor);
}

/** Blends with the image's own greys: factor 0 gives the grey image, 1 the image. */
export function adjustSaturation(pixels: Uint8Array, factor: number): void {
  const alpha = Math.fround(factor);
  for (let i = 0; i < pixels.length; i += 3) {
    const red = pixels[i];
    const green = pixels[i + 1];
    const blue = pixels[i + 2];
    const grey = greyLevel(red, green, blue);
    pixels[i] = blend(grey, red, alpha);
    pixels[i + 1] = blend(grey, green, alpha);
    pixels[i + 2] = blend(grey, blue, alpha);
  }
}

function blendWithGrey(pixels: Uint8Array, grey: number, factor: number): void {
  const alpha = Math.fround(factor);
  for (let level = 0; level < 256; level++) blended[level] = blend(grey, level, alpha);
  for (let i = 0; i < pixels.length; i++) pixels[i] = blended[pixels[i]];
}

const blended = new Uint8Array(256);

/** Pillow's `Image.blend` (`Blend.c`): computed in single precision, clipped, and cut to a whole level. */
function blend(from: number, to: number, alpha: number): number {
  const level = Math.fround(from + Math.fround(alpha * (to - from)));
  if (level <= 0) return 0;
  return level >= 255 ? 255 : level | 0;
}
