// A linear layer, y = x Wᵀ + b, in PyTorch's layout and with its initialisation.
import type { Tensor } from '../tensorflow/backend.ts';
import { add, matMul, sumRows } from '../tensorflow/native-ops.ts';
import type { Layer, Mode } from './layer.ts';
import { type Initial, Weight, type WeightSource } from './weight.ts';

export class Linear implements Layer {
  readonly weights: readonly [weight: Weight, bias: Weight];
  #x: Tensor | undefined;

  /** `initialWeight`: where the weights come from if not from PyTorch's default, uniform within ±1/√inputs as the bias. */
  constructor(
    { inputs, outputs, initialWeight }: { inputs: number; outputs: number; initialWeight?: Initial },
    name: string,
    source: WeightSource,
  ) {
    const uniform: Initial = { kind: 'uniform', bound: 1 / Math.sqrt(inputs) };
    this.weights = [
      new Weight(`${name}.weight`, source(`${name}.weight`, [outputs, inputs], initialWeight ?? uniform)),
      new Weight(`${name}.bias`, source(`${name}.bias`, [outputs], uniform)),
    ];
  }

  /** [n, inputs] → [n, outputs]; the output is the caller's in every mode. */
  forward(x: Tensor, mode: Mode): Tensor {
    const [weight, bias] = this.weights;
    if (mode === 'train') this.#x = x;
    const product = matMul(x, weight.value, false, true);
    const y = add(product, bias.value);
    product.dispose();
    return y;
  }

  /** Sets the gradients alone, where nobody asks for that by the input. */
  backwardWithoutInput(dy: Tensor): void {
    const [weight, bias] = this.weights;
    weight.setGradient(matMul(dy, this.#x!, true, false));
    bias.setGradient(sumRows(dy));
    this.#x = undefined;
  }

  backward(dy: Tensor): Tensor {
    this.backwardWithoutInput(dy);
    return matMul(dy, this.weights[0].value);
  }
}
