// One named tensor of a network, and where its first values come from.
import type { NdArray } from '../../numeric/arrays/array.ts';
import { ndarray, sizeOf } from '../../numeric/arrays/array.ts';
import type { Random } from '../../numeric/random.ts';
import { type Tensor, tf } from '../tensorflow/backend.ts';
import { fromTensor, type NamedTensors, tensorOfShape, toTensor } from '../weights/named-tensors.ts';

/** The distribution that a tensor's first values are drawn from, independently. */
export type Initial =
  | { kind: 'constant'; value: number }
  | { kind: 'normal'; standardDeviation: number }
  | { kind: 'uniform'; bound: number };

/** Gives a tensor's values, in PyTorch's layout: drawn, or looked up. Networks ask in the order of PyTorch's state_dict. */
export type WeightSource = (
  name: string,
  shape: readonly number[],
  initial: Initial,
) => NdArray<Float32Array>;

/** Draws each tensor from a stream of its own name, so that one tensor's size does not change another's values. */
export function drawnWeights(random: Random): WeightSource {
  return (name, shape, initial) => {
    const stream = random.fork(name);
    return ndarray(
      Float32Array.from({ length: sizeOf(shape) }, () => draw(stream, initial)),
      shape,
    );
  };
}

/** Looks each tensor up; one that is missing, or of another shape, is an error. */
export function storedWeights(weights: NamedTensors): WeightSource {
  return (name, shape) => tensorOfShape(weights, name, shape);
}

function draw(random: Random, initial: Initial): number {
  if (initial.kind === 'constant') return initial.value;
  if (initial.kind === 'normal') return random.normal() * initial.standardDeviation;
  return random.uniform(-initial.bound, initial.bound);
}

/** A tensor that outlives the steps of training: its value, and the gradient that the last backward pass left. */
export class Weight {
  readonly name: string;
  #value: Tensor;
  #gradient: Tensor | undefined;

  constructor(name: string, initial: NdArray<Float32Array>) {
    this.name = name;
    this.#value = tf.keep(toTensor(initial));
  }

  get value(): Tensor {
    return this.#value;
  }

  /** Takes `value` over; the old one is disposed of. */
  assign(value: Tensor): void {
    this.#value.dispose();
    this.#value = tf.keep(value);
  }

  get gradient(): Tensor | undefined {
    return this.#gradient;
  }

  /** Takes `gradient` over (`undefined`: none); the old one is disposed of. */
  setGradient(gradient: Tensor | undefined): void {
    this.#gradient?.dispose();
    this.#gradient = gradient && tf.keep(gradient);
  }

  /** The value in PyTorch's layout. */
  toArray(): NdArray<Float32Array> {
    return fromTensor(this.#value);
  }

  dispose(): void {
    this.#value.dispose();
    this.setGradient(undefined);
  }
}
