// Reference checks of the pretrained networks: features of given images, with weights of which each element is a hash of its place
// (test/golden/README.md).
import { z } from 'zod';
import type { WeightSource } from '../../learning/networks/weight.ts';
import {
  normalisedBatch,
  type PretrainedName,
  PretrainedNetwork,
} from '../../learning/pretrained-features.ts';
import { type NdArray, ndarray, sizeOf } from '../../numeric/arrays/array.ts';
import type { Check, GoldenCase } from './golden-case.ts';
import { prefixed, singles } from './inputs.ts';

const Formula = z.object({
  salt: z.number(),
  /** The normalisation at the end of each block, e.g. `bn2.weight`: its scale is damped, or activations would grow. */
  residualBatchNorm: z.string(),
  damping: z.number(),
});
type Formula = z.infer<typeof Formula>;

const Normalisation = z.object({ mean: z.array(z.number()), standardDeviation: z.array(z.number()) });

export const pretrainedChecks = {
  'resnet18-imagenet': golden => featuresOf('resnet18', golden),
  'resnet152-imagenet': golden => featuresOf('resnet152', golden),
} satisfies Record<string, Check>;

function featuresOf(name: PretrainedName, golden: GoldenCase) {
  const { source, begins } = formulaWeights(Formula.parse(golden.parameters));
  const network = new PretrainedNetwork(name, source);
  const features = network.features(imagesOf(golden));
  network.dispose();
  return { features, ...prefixed('formula', begins) };
}

function imagesOf({ inputs, parameters }: GoldenCase): NdArray<Float32Array> {
  if (inputs.images) return singles(inputs.images);
  return normalisedBatch([inputs.image as NdArray<Uint8Array>], Normalisation.parse(parameters));
}

/** A source that numbers the tensors in the order in which they are asked for, and remembers the first 8 elements of each. */
function formulaWeights(formula: Formula): { source: WeightSource; begins: Map<string, NdArray> } {
  const begins = new Map<string, NdArray>();
  const source: WeightSource = (name, shape) => {
    const tensor = begins.size;
    const value = elementsOf(name, shape, formula);
    const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => value(hash(i, tensor, formula.salt)));
    begins.set(name, ndarray(data.slice(0, 8), [Math.min(8, data.length)]));
    return ndarray(data, shape);
  };
  return { source, begins };
}

/** A number in [0, 1) for element `i` of tensor `k`. */
function hash(i: number, k: number, salt: number): number {
  let x = Math.imul(i + 1, 0x9e3779b1) + Math.imul(k + 1, 0x85ebca77) + Math.imul(salt, 0xc2b2ae3d);
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

function elementsOf(name: string, shape: readonly number[], formula: Formula): (u: number) => number {
  if (shape.length === 4) {
    const bound = Math.sqrt(6 / (shape[1] * shape[2] * shape[3]));
    return u => bound * (2 * u - 1);
  }
  if (name.endsWith('running_var')) return u => 0.75 + 0.5 * u;
  if (!name.endsWith('weight')) return u => 0.2 * (2 * u - 1);
  const isDamped = name.startsWith('layer') && name.endsWith(formula.residualBatchNorm);
  const factor = isDamped ? formula.damping : 1;
  return u => factor * (0.8 + 0.4 * u);
}
