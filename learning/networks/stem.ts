// The first layers of a ResNet, from the image on: a 3×3 convolution for small images, or torchvision's 7×7 one with max-pooling.
import { type Tensor, tf } from '../tensorflow/backend.ts';
import { cropImage, maxPool, maxPoolGradient } from '../tensorflow/native-ops.ts';
import { ConvolutionUnit } from './convolution-unit.ts';
import type { Mode } from './layer.ts';
import type { Weight, WeightSource } from './weight.ts';
import { padFor, type Window } from './window.ts';

/** `small`: 3×3, stride 1. `small-stride2`: the same with stride 2, for scaled runs. `imagenet`: 7×7, stride 2, and 3×3 max-pooling. */
export type StemKind = 'small' | 'small-stride2' | 'imagenet';

const pooling: Window = { size: 3, stride: 2, padding: 1 };

export class Stem {
  readonly weights: readonly Weight[];
  readonly #unit: ConvolutionUnit;
  readonly #hasPooling: boolean;
  #kept: { y: Tensor; padded: Tensor; pooled: Tensor } | undefined;

  constructor(kind: StemKind, width: number, prefix: string, source: WeightSource) {
    const window: Window =
      kind === 'imagenet'
        ? { size: 7, stride: 2, padding: 3 }
        : { size: 3, stride: kind === 'small' ? 1 : 2, padding: 1 };
    const names = { convolution: `${prefix}conv1`, norm: `${prefix}bn1` };
    this.#unit = new ConvolutionUnit({ ...window, inputs: 3, outputs: width, relu: true }, names, source);
    this.#hasPooling = kind === 'imagenet';
    this.weights = this.#unit.weights;
  }

  /** Images [n, h, w, 3] → [n, h', w', width]. */
  forward(images: Tensor, mode: Mode): Tensor {
    const y = this.#unit.forward(images, mode);
    if (!this.#hasPooling) return y;
    const { padded, padding } = padFor(pooling, y); // zeros are as good as −∞ after a ReLU
    const pooled = maxPool(padded, pooling.size, pooling.stride, padding);
    if (mode === 'train') this.#kept = { y, padded: tf.keep(padded), pooled: tf.keep(pooled) };
    return pooled;
  }

  /** Sets the weights' gradients. */
  backward(dy: Tensor): void {
    this.#unit.backwardWithoutInput(this.#hasPooling ? this.#backwardThroughPooling(dy) : dy);
  }

  #backwardThroughPooling(dy: Tensor): Tensor {
    const { y, padded, pooled } = this.#kept!;
    const padding = padded === y ? 'SAME' : 'VALID';
    const dPadded = maxPoolGradient(padded, pooled, dy, pooling.size, pooling.stride, padding);
    const dUnit = padded === y ? dPadded : cropImage(dPadded, pooling.padding, y.shape);
    if (padded !== y) padded.dispose();
    pooled.dispose();
    this.#kept = undefined;
    return dUnit;
  }
}
