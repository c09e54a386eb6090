// The projection head: linear, ReLU, linear, without batch normalisation (the authors' models/simclr_like.py, `FCNetwork`).
import type { Random } from '../../numeric/random.ts';
import { type Tensor, tf } from '../tensorflow/backend.ts';
import { relu, reluGradient } from '../tensorflow/native-ops.ts';
import type { Mode } from './layer.ts';
import { Linear } from './linear.ts';
import { drawnWeights, type Weight, type WeightSource } from './weight.ts';

const lastName = 'projection_head.layers.2';

/** The weight of the last layer: its rows are the output's dimensions. */
export const lastLayerName = `${lastName}.weight`;

/** Features [n, d] → 2d hidden units → output [n, outputDimension]. */
export class ProjectionHead {
  readonly #features: number;
  readonly #first: Linear;
  #last: Linear;
  #hidden: Tensor | undefined;

  constructor(features: number, outputDimension: number, source: WeightSource) {
    this.#features = features;
    this.#first = new Linear({ inputs: features, outputs: 2 * features }, 'projection_head.layers.0', source);
    this.#last = new Linear({ inputs: 2 * features, outputs: outputDimension }, lastName, source);
  }

  get weights(): readonly Weight[] {
    return [...this.#first.weights, ...this.#last.weights];
  }

  /** The last linear layer's weights: all that stage 2 trains. */
  get lastWeights(): readonly Weight[] {
    return this.#last.weights;
  }

  get outputDimension(): number {
    return this.#last.weights[0].value.shape[0];
  }

  /**
   * Puts a new last layer in place of the old: weights normal with standard deviation 1, bias by PyTorch's default (paper,
   * section 3.1; `mutate_model.py`), or both from `source`.
   */
  replaceLast(outputDimension: number, source: WeightSource): void {
    const initialWeight = { kind: 'normal', standardDeviation: 1 } as const;
    for (const weight of this.#last.weights) weight.dispose();
    const shape = { inputs: 2 * this.#features, outputs: outputDimension, initialWeight };
    this.#last = new Linear(shape, lastName, source);
  }

  /** `mode` `frozen` keeps what `backwardLast` needs: the first layer alone is frozen then. */
  forward(features: Tensor, mode: Mode): Tensor {
    return tf.tidy(() => {
      const hidden = relu(this.#first.forward(features, mode));
      if (mode !== 'evaluate') this.#hidden = tf.keep(hidden);
      return this.#last.forward(hidden, mode === 'evaluate' ? mode : 'train');
    });
  }

  /** Sets the gradients of the last layer alone. */
  backwardLast(dOutput: Tensor): void {
    tf.tidy(() => this.#last.backwardWithoutInput(dOutput));
    this.#hidden!.dispose();
  }

  /** Sets all gradients; gives that by the features. */
  backward(dOutput: Tensor): Tensor {
    return tf.tidy(() => {
      const dHidden = this.#last.backward(dOutput);
      const dFirst = reluGradient(dHidden, this.#hidden!);
      this.#hidden!.dispose();
      return this.#first.backward(dFirst);
    });
  }
}

/** Draws a new last layer for the stage `stage`. */
export function drawnLastLayer(random: Random, stage: string): WeightSource {
  return drawnWeights(random.fork('last layer', stage));
}
