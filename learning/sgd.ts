// Stochastic gradient descent with momentum and weight decay: the semantics of torch.optim.SGD, one parameter at a time.
import type { NdArray } from '../numeric/arrays/array.ts';
import type { Weight } from './networks/weight.ts';
import { type Tensor, tf } from './tensorflow/backend.ts';
import { add, multiply, subtract } from './tensorflow/native-ops.ts';
import { fromTensor, type NamedTensors, tensorOfShape, toTensor } from './weights/named-tensors.ts';

/**
 * `buffer ← momentum · buffer + gradient + weightDecay · parameter`, `parameter ← parameter − rate · buffer`; the buffers begin at 0. A
 * parameter without gradient stays as it is, and so does its buffer. Weight decay holds for all parameters, biases and batch
 * normalisation included.
 */
export class Sgd {
  readonly #parameters: readonly Weight[];
  readonly #buffers = new Map<string, Tensor>();
  readonly #momentum: Tensor;
  readonly #weightDecay: Tensor;

  /** `buffers`: where a run that was interrupted left off, by the parameters' names. */
  constructor(
    parameters: readonly Weight[],
    { momentum, weightDecay }: { momentum: number; weightDecay: number },
    buffers?: NamedTensors,
  ) {
    this.#parameters = parameters;
    this.#momentum = tf.keep(tf.scalar(momentum));
    this.#weightDecay = tf.keep(tf.scalar(weightDecay));
    for (const { name, value } of parameters) {
      this.#buffers.set(name, tf.keep(buffers ? storedBuffer(buffers, name, value) : tf.zerosLike(value)));
    }
  }

  /** Moves every parameter that has a gradient, and takes the gradients away. */
  step(learningRate: number): void {
    tf.tidy(() => {
      const rate = tf.scalar(learningRate);
      for (const parameter of this.#parameters) this.#move(parameter, rate);
    });
  }

  /** The momentum buffers in PyTorch's layout, by the parameters' names. */
  buffers(): NamedTensors {
    return new Map(Array.from(this.#buffers, ([name, buffer]) => [name, fromTensor(buffer)] as const));
  }

  dispose(): void {
    tf.dispose([this.#momentum, this.#weightDecay, ...this.#buffers.values()]);
  }

  #move(parameter: Weight, rate: Tensor): void {
    if (!parameter.gradient) return;
    const old = this.#buffers.get(parameter.name)!;
    const decayed = add(parameter.gradient, multiply(parameter.value, this.#weightDecay));
    const buffer = tf.keep(add(multiply(old, this.#momentum), decayed));
    old.dispose();
    this.#buffers.set(parameter.name, buffer);
    parameter.assign(subtract(parameter.value, multiply(buffer, rate)));
    parameter.setGradient(undefined);
  }
}

function storedBuffer(buffers: NamedTensors, name: string, value: Tensor): Tensor {
  const found: NdArray<Float32Array> | undefined = buffers.get(name);
  return toTensor(tensorOfShape(buffers, name, found?.shape ?? value.shape));
}
