// PyTorch's even padding in terms of TensorFlow's: the same numbers, by the fast kernel wherever there is one.
import type { Tensor } from '../tensorflow/backend.ts';
import { type Padding, padImage } from '../tensorflow/native-ops.ts';

/** A square window that moves over an image, with `padding` zeros on every side. */
export interface Window {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

/** The zeros [before, after] that a window really reads along an axis of `length`. */
function readPadding({ size, stride, padding }: Window, length: number): [number, number] {
  const outputs = Math.floor((length + 2 * padding - size) / stride) + 1;
  return [padding, Math.max(0, (outputs - 1) * stride + size - length - padding)];
}

/** TensorFlow's SAME pads as little as it can, and the odd zero after; that agrees with an even padding at stride 1 or odd lengths. */
function isSame(
  { size, stride, padding }: Window,
  length: number,
  [before, after]: [number, number],
): boolean {
  const outputs = Math.ceil(length / stride);
  const total = Math.max(0, (outputs - 1) * stride + size - length);
  const sameOutputs = Math.floor((length + 2 * padding - size) / stride) + 1 === outputs;
  return sameOutputs && before === Math.floor(total / 2) && after === total - before;
}

/**
 * The image [n, h, w, c] as the window's kernel is to be given it: itself, with TensorFlow's own padding, or padded beforehand (a new
 * tensor). oneDNN takes `SAME` and `VALID` only; explicit paddings fall back to kernels that are up to thirty times slower.
 */
export function padFor(window: Window, x: Tensor): { padded: Tensor; padding: Padding } {
  const height = readPadding(window, x.shape[1]!);
  const width = readPadding(window, x.shape[2]!);
  if (isSame(window, x.shape[1]!, height) && isSame(window, x.shape[2]!, width))
    return { padded: x, padding: 'SAME' };
  if (window.padding === 0) return { padded: x, padding: 'VALID' };
  return { padded: padImage(x, height, width), padding: 'VALID' };
}
