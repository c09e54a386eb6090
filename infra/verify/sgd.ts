// Reference check `sgd`: the optimiser's parameters and momentum buffers after every step.
import { z } from 'zod';
import { Weight } from '../../learning/networks/weight.ts';
import { Sgd } from '../../learning/sgd.ts';
import { toTensor } from '../../learning/weights/named-tensors.ts';
import { ndarray } from '../../numeric/arrays/array.ts';
import type { Check } from './golden-case.ts';
import { singles } from './typed-inputs.ts';

const Parameters = z.object({
  learningRates: z.array(z.number()),
  hasGradient: z.array(z.boolean()),
  momentum: z.number(),
  weightDecay: z.number(),
});

export const sgd: Check = golden => {
  const { learningRates, hasGradient, ...settings } = Parameters.parse(golden.parameters);
  const gradients = singles(golden.inputs.gradients);
  const [steps, m] = gradients.shape;
  const parameter = new Weight('parameter', singles(golden.inputs.parameter));
  const optimiser = new Sgd([parameter], settings);
  const parameters = ndarray(new Float32Array(steps * m), [steps, m]);
  const momentumBuffers = ndarray(new Float32Array(steps * m), [steps, m]);
  for (let step = 0; step < steps; step++) {
    const gradient = ndarray(gradients.data.slice(step * m, (step + 1) * m), [m]);
    if (hasGradient[step]) parameter.setGradient(toTensor(gradient));
    optimiser.step(learningRates[step]);
    parameters.data.set(parameter.toArray().data, step * m);
    momentumBuffers.data.set(optimiser.buffers().get('parameter')!.data, step * m);
  }
  optimiser.dispose();
  parameter.dispose();
  return { parameters, momentumBuffers };
};
