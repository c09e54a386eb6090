// A Gaussian blur in torchvision's arithmetic (`GaussianBlur` on Pillow images): a kernel of float32, borders reflected, levels rounded.
import { resetCurve, type TonedPixels } from './toned-pixels.ts';

/** How an image is blurred; the kernel has an odd number of pixels, fewer than twice the image's. */
export interface Blur {
  readonly kernel: number;
  readonly sigma: number;
}

/**
 * Blurs pixels `[size, size, 3]`, in their place.
 * Source: torchvision, `_get_gaussian_kernel1d` and `gaussian_blur` (the kernel is an outer product; `conv2d` sums in float32, in an order
 * of its own, so that a level may differ where a sum lies half-way).
 */
export function gaussianBlur(pixels: TonedPixels, { kernel, sigma }: Blur): void {
  const { levels, curve } = pixels;
  const size = Math.round(Math.sqrt(levels.length / 3));
  const half = (kernel - 1) / 2;
  const weights = gaussian(kernel, sigma);
  const rows = new Float64Array(levels.length);
  const from = reflected(size, half);
  for (let y = 0, to = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (let channel = 0; channel < 3; channel++, to++) {
        let sum = 0;
        for (let k = 0; k < kernel; k++)
          sum += weights[k] * curve[levels[(y * size + from[x + k]) * 3 + channel]];
        rows[to] = sum;
      }
    }
  }
  const stride = 3 * size;
  for (let to = 0; to < levels.length; to++) {
    const y = Math.floor(to / stride);
    let sum = 0;
    for (let k = 0; k < kernel; k++) sum += weights[k] * rows[from[y + k] * stride + (to % stride)];
    levels[to] = roundHalfEven(sum);
  }
  resetCurve(pixels);
}

/** Weights that sum to one. */
function gaussian(kernel: number, sigma: number): Float64Array {
  const half = (kernel - 1) / 2;
  const heights = Float64Array.from({ length: kernel }, (_, i) => Math.exp(-0.5 * ((i - half) / sigma) ** 2));
  const sum = heights.reduce((total, height) => total + height, 0);
  return heights.map(height => height / sum);
}

/** Where the pixels of a row lie that is longer by `half` on both sides, the outermost ones mirrored (but not twice). */
function reflected(size: number, half: number): Int32Array {
  return Int32Array.from({ length: size + 2 * half }, (_, i) => {
    const at = Math.abs(i - half);
    return at < size ? at : 2 * (size - 1) - at;
  });
}

/** `torch.round_`. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
