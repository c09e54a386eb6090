// Brightness, contrast and saturation: blends of an image with a duller one, in Pillow's arithmetic (`ImageEnhance`).
import { greyLevel } from './grayscale.ts';
import { adjustHue } from './hue.ts';
import { resetCurve, type TonedPixels } from './toned-pixels.ts';
import type { Jitter, JitterStep } from './view-parameters.ts';

/** Applies the colour steps in their order. */
export function colorJitter(pixels: TonedPixels, jitter: Jitter): void {
  for (const step of jitter.order) adjust[step](pixels, jitter[step]);
}

const adjust: Record<JitterStep, (pixels: TonedPixels, factor: number) => void> = {
  brightness: adjustBrightness,
  contrast: adjustContrast,
  saturation: adjustSaturation,
  hue: adjustHue,
};

/** Blends with black: factor 0 gives black, 1 the image. */
export function adjustBrightness({ curve }: TonedPixels, factor: number): void {
  blendWithGrey(curve, 0, factor);
}

/** Blends with the mean grey level, rounded: factor 0 gives plain grey, 1 the image. */
export function adjustContrast({ levels, curve }: TonedPixels, factor: number): void {
  let sum = 0;
  for (let i = 0; i < levels.length; i += 3) {
    sum += greyLevel(curve[levels[i]], curve[levels[i + 1]], curve[levels[i + 2]]);
  }
  blendWithGrey(curve, Math.floor(sum / (levels.length / 3) + 0.5), factor);
}

/** Blends with the image's own greys: factor 0 gives the grey image, 1 the image. */
export function adjustSaturation(pixels: TonedPixels, factor: number): void {
  const { levels, curve } = pixels;
  const alpha = Math.fround(factor);
  for (let i = 0; i < levels.length; i += 3) {
    const red = curve[levels[i]];
    const green = curve[levels[i + 1]];
    const blue = curve[levels[i + 2]];
    const grey = greyLevel(red, green, blue);
    levels[i] = blend(grey, red, alpha);
    levels[i + 1] = blend(grey, green, alpha);
    levels[i + 2] = blend(grey, blue, alpha);
  }
  resetCurve(pixels);
}

function blendWithGrey(curve: Uint8Array, grey: number, factor: number): void {
  const alpha = Math.fround(factor);
  for (let level = 0; level < 256; level++) curve[level] = blend(grey, curve[level], alpha);
}

/** Pillow's `Image.blend` (`Blend.c`): computed in single precision, cut to a whole level, and clipped (branches would be taken at random). */
function blend(from: number, to: number, alpha: number): number {
  const level = Math.fround(from + Math.fround(alpha * (to - from))) | 0;
  const notBelowBlack = level & ~(level >> 31);
  return (notBelowBlack | ((255 - notBelowBlack) >> 31)) & 255;
}
