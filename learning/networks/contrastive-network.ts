// The network of SimCLR and t-SimCNE: a ResNet backbone and a projection head (the authors' `ResNetFC`).

import type { NdArray } from '../../numeric/arrays/array.ts';
import { type Tensor, tf } from '../tensorflow/backend.ts';
import type { TrainingSettings } from '../training-settings.ts';
import type { NamedTensors } from '../weights/named-tensors.ts';
import type { Mode } from './layer.ts';
import { ProjectionHead } from './projection-head.ts';
import { ResNet, resnet18 } from './resnet.ts';
import type { Weight, WeightSource } from './weight.ts';

/** Which parameters a stage trains. */
export type Trained = 'all' | 'last-layer';

export class ContrastiveNetwork {
  readonly #backbone: ResNet;
  readonly #head: ProjectionHead;

  constructor({ stem, width }: TrainingSettings['network'], outputDimension: number, source: WeightSource) {
    this.#backbone = new ResNet(resnet18(stem, width), 'backbone.', source);
    this.#head = new ProjectionHead(8 * width, outputDimension, source);
  }

  get outputDimension(): number {
    return this.#head.outputDimension;
  }

  /** See `ProjectionHead.replaceLast`. */
  replaceLastLayer(outputDimension: number, source: WeightSource): void {
    this.#head.replaceLast(outputDimension, source);
  }

  /** Images [n, h, w, 3] in 0…1 → features [n, 8 · width] and output [n, outputDimension], both the caller's. */
  forward(images: Tensor, mode: Mode): { features: Tensor; output: Tensor } {
    const features = this.#backbone.forward(images, mode);
    return { features, output: this.#head.forward(features, mode) };
  }

  /**
   * Sets the gradients of what is trained. Frozen parameters have none, so the optimiser leaves them alone; batch normalisation stays in
   * training mode all the same (the forward pass before is `train`, or `frozen` where only the last layer is trained).
   */
  backward(dOutput: Tensor, trained: Trained): void {
    if (trained === 'last-layer') {
      this.#head.backwardLast(dOutput);
    } else {
      const dFeatures = this.#head.backward(dOutput);
      this.#backbone.backward(dFeatures);
      dFeatures.dispose();
    }
  }

  /** The parameters that the optimiser moves: without running statistics. */
  parameters(trained: Trained): readonly Weight[] {
    if (trained === 'last-layer') return this.#head.lastWeights;
    return this.#weights().filter(({ name }) => !/\.running_(mean|var)$/.test(name));
  }

  /** All weights, running statistics included. */
  toNamedTensors(): NamedTensors {
    return new Map(this.#weights().map(weight => [weight.name, weight.toArray()] as const));
  }

  dispose(): void {
    for (const weight of this.#weights()) weight.dispose();
  }

  #weights(): readonly Weight[] {
    return [...this.#backbone.weights, ...this.#head.weights];
  }
}

/** A tensor of images from levels 0…255: [n, h, w, 3], values in 0…1, no further normalisation (`ToTensor`). */
export function imageTensor({ data, shape }: NdArray<Uint8Array>): Tensor {
  return tf.tidy(() =>
    tf.div(tf.tensor4d(Float32Array.from(data), shape as [number, number, number, number]), 255),
  );
}
