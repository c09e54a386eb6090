// The gradient of a convolution by its kernel, by the fastest way.
import { type Tensor, tf, usesOneDnn } from '../tensorflow/backend.ts';
import { hasAvx512 } from '../tensorflow/instruction-set.ts';
import {
  conv2dKernelGradient,
  matMul,
  type Padding,
  pixelRows,
  pixelsFirst,
  slice,
} from '../tensorflow/native-ops.ts';
import { precisionOf, toPrecision } from '../tensorflow/precision.ts';

/** A convolution's input `x` [n, h, w, in], and the gradient by its output, `dy` [n, h', w', out]. */
interface ConvolutionGradient {
  readonly x: Tensor;
  readonly dy: Tensor;
  /** [k, k, in, out] */
  readonly kernelShape: number[];
  readonly stride: number;
  readonly padding: Padding;
}

/** The gradient by the kernel, in float32. */
export function kernelGradient({ x, dy, kernelShape, stride, padding }: ConvolutionGradient): Tensor {
  return tf.tidy(() => {
    const isSlow = usesOneDnn && isSlowInOneDnn(dy);
    if (isSlow && stride === 1) return kernelGradientByProducts(x, dy, kernelShape);
    const [seen, given] = isSlow ? [x, dy].map(tensor => toPrecision(tensor, 'float32')) : [x, dy];
    return toPrecision(conv2dKernelGradient(seen, kernelShape, given, stride, padding), 'float32');
  });
}

/**
 * From how many channels, for each pixel of an image's side, products are faster than oneDNN's kernel, which is made for many pixels and
 * few channels (reports/findings.md, "Kernels' gradients"). It has a fast way to bfloat16's sums nowhere, to float32's with AVX-512 only.
 */
const channelsPerSide = { bfloat16: 32, float32: hasAvx512() ? 100 : 18 };

function isSlowInOneDnn(dy: Tensor): boolean {
  const [, height, width, channels] = dy.shape as [number, number, number, number];
  return channels >= channelsPerSide[precisionOf(dy)] * Math.sqrt(height * width);
}

/**
 * As `kernelGradient`, at stride 1 with padding SAME: for each place of the kernel a matrix product, of the pixels that it sees with the
 * gradients that they add to. Padding is in none of them, which spares a third of all multiplications at 4×4 pixels.
 */
export function kernelGradientByProducts(x: Tensor, dy: Tensor, kernelShape: number[]): Tensor {
  return tf.tidy(() => {
    const maps = [pixelsFirst(x), pixelsFirst(dy)] as const;
    const shifts = Array.from({ length: kernelShape[0] }, (_, place) => place - (kernelShape[0] - 1) / 2);
    const columns = shifts.map(shift => overlap(maps, 1, shift));
    const products = shifts.flatMap(shift =>
      columns.map(column => {
        const [seen, given] = overlap(column, 0, shift).map(pixelRows);
        return toPrecision(matMul(seen, given, true), 'float32');
      }),
    );
    return tf.reshape(tf.stack(products), kernelShape);
  });
}

/** Of two maps [h, w, n, c] the rows (axis 0) or columns (axis 1) that meet when the first is moved back by `shift`. */
function overlap([x, dy]: readonly Tensor[], axis: 0 | 1, shift: number): Tensor[] {
  const count = Math.max(0, x.shape[axis]! - Math.abs(shift));
  const part = (map: Tensor, first: number) =>
    slice(
      map,
      map.shape.map((_, i) => (i === axis ? Math.min(first, map.shape[axis]!) : 0)),
      map.shape.map((length, i) => (i === axis ? count : length!)),
    );
  return [part(x, Math.max(0, shift)), part(dy, Math.max(0, -shift))];
}
