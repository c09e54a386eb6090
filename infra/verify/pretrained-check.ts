// The reference checks of pretrained networks: features of given images with weights from a formula.
import { z } from 'zod';
import {
  normalisedBatch,
  type PretrainedName,
  PretrainedNetwork,
} from '../../learning/pretrained-features.ts';
import type { NdArray } from '../../numeric/arrays/array.ts';
import type { Check, GoldenCase } from './golden-case.ts';
import { formulaWeights } from './pretrained-formula.ts';
import { singles } from './typed-inputs.ts';

const Parameters = z.object({ salt: z.number(), residualBatchNorm: z.string(), damping: z.number() });
const Normalisation = z.object({ mean: z.array(z.number()), standardDeviation: z.array(z.number()) });

/** The check of one network. */
export function pretrainedCheck(name: PretrainedName): Check {
  return golden => {
    const { source, begins } = formulaWeights(Parameters.parse(golden.parameters));
    const network = new PretrainedNetwork(name, source);
    const features = network.features(imagesOf(golden));
    network.dispose();
    const formula = Array.from(begins, ([tensor, begin]) => [`formula.${tensor}`, begin] as const);
    return { features, ...Object.fromEntries(formula) };
  };
}

function imagesOf({ inputs, parameters }: GoldenCase): NdArray<Float32Array> {
  if (inputs.images) return singles(inputs.images);
  return normalisedBatch([inputs.image as NdArray<Uint8Array>], Normalisation.parse(parameters));
}
