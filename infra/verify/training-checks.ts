// Reference checks of learning: losses, schedule, optimiser, the network, and whole trainings (given views, one batch a step, one rate a
// step).
import { z } from 'zod';
import { learningRateFor } from '../../experiments/paper-training.ts';
import { learningRateSchedule } from '../../learning/learning-rate-schedule.ts';
import { cauchyInfoNce } from '../../learning/losses/cauchy-info-nce.ts';
import { evaluateLoss } from '../../learning/losses/contrastive-loss.ts';
import { cosineInfoNce } from '../../learning/losses/cosine-info-nce.ts';
import { ContrastiveNetwork, type Trained } from '../../learning/networks/contrastive-network.ts';
import { storedWeights, Weight } from '../../learning/networks/weight.ts';
import { Sgd } from '../../learning/sgd.ts';
import { type Tensor, tf } from '../../learning/tensorflow/backend.ts';
import { contrastiveLoss, trainingStep } from '../../learning/training-step.ts';
import { fromTensor, type NamedTensors, toTensor } from '../../learning/weights/named-tensors.ts';
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import type { Actual, Check } from './golden-case.ts';
import { checkWith, fractions, namedArrays, prefixed, singles } from './inputs.ts';

const numbers = z.array(z.number());
const optimiser = { momentum: z.number(), weightDecay: z.number() };

export const trainingChecks = {
  'cauchy-info-nce': ({ inputs }) => ({ ...evaluateLoss(cauchyInfoNce, singles(inputs.z)) }),
  'cosine-info-nce': checkWith(z.object({ temperature: z.number() }), ({ temperature }, inputs) => ({
    ...evaluateLoss(output => cosineInfoNce(output, temperature), singles(inputs.z)),
  })),
  'learning-rate-schedule': checkWith(
    z.union([
      z.object({ batchSizes: numbers }),
      z.object({ peak: z.number(), epochs: z.number(), warmUp: z.number() }),
    ]),
    (parameters): Actual => {
      if ('batchSizes' in parameters) return { peaks: parameters.batchSizes.map(learningRateFor) };
      const { peak, epochs, warmUp } = parameters;
      return { learningRates: Array.from(learningRateSchedule(peak, epochs, warmUp)) };
    },
  ),
  sgd: checkWith(
    z.object({ learningRates: numbers, hasGradient: z.array(z.boolean()), ...optimiser }),
    optimiserSteps,
  ),
  'resnet18-small-images': checkWith(z.object({ width: z.number() }), ({ width }, inputs) => {
    const network = networkOf(width, inputs);
    const training = trainingPass(network, inputs.images);
    const { features, output } = evaluate(network, inputs.images);
    const statistics = [...network.toNamedTensors()].filter(([name]) => name.includes('running_'));
    network.dispose();
    return {
      ...training,
      ...prefixed('statistics', new Map(statistics)),
      'eval.features': features,
      'eval.output': output,
    };
  }),
  'simclr-training': checkWith(
    z.object({ width: z.number(), learningRates: numbers, temperature: z.number(), ...optimiser }),
    ({ width, learningRates, ...settings }, inputs) => {
      const network = networkOf(width, inputs);
      const batches = { views: inputs.views, first: 0, learningRates };
      const loss = trainStage(network, batches, 'all', { loss: 'cosine', ...settings });
      const weights = prefixed('weights', network.toNamedTensors());
      const evaluated = evaluate(network, inputs.images);
      network.dispose();
      return { loss, ...weights, ...evaluated };
    },
  ),
  't-simcne-training': checkWith(
    z.object({
      width: z.number(),
      steps: z.tuple([z.number(), z.number(), z.number()]),
      learningRates: z.array(numbers).length(3), // stage by stage
      newLayer: z.string(),
      ...optimiser,
    }),
    threeStages,
  ),
} satisfies Record<string, Check>;

/** The parameter and its momentum buffer after every step. */
function optimiserSteps(
  {
    learningRates,
    hasGradient,
    ...settings
  }: OptimiserSettings & {
    learningRates: readonly number[];
    hasGradient: readonly boolean[];
  },
  inputs: Record<string, NdArray>,
): Actual {
  const gradients = singles(inputs.gradients);
  const [steps, m] = gradients.shape;
  const parameter = new Weight('parameter', singles(inputs.parameter));
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
}

function threeStages(
  {
    width,
    steps,
    learningRates,
    newLayer,
    ...optimiser
  }: OptimiserSettings & {
    width: number;
    steps: readonly number[];
    learningRates: readonly (readonly number[])[];
    newLayer: string;
  },
  inputs: Record<string, NdArray>,
): Actual {
  const network = networkOf(width, inputs);
  const stage = (index: number, trained: Trained) => {
    const first = steps.slice(0, index).reduce((sum, count) => sum + count, 0);
    const batches = { views: inputs.views, first, learningRates: learningRates[index] };
    return trainStage(network, batches, trained, { loss: 'cauchy', temperature: 1, ...optimiser });
  };

  const first = stage(0, 'all');
  const replacement = Array.from(namedArrays(inputs, 'newLayer'), ([name, array]) => {
    return [`${newLayer}.${name}`, array] as const;
  });
  network.replaceLastLayer(2, storedWeights(new Map(replacement)));
  const second = stage(1, 'last-layer');
  const afterStage2 = network.parameters('last-layer').map(weight => {
    return [weight.name.slice(newLayer.length + 1), weight.toArray()] as const;
  });
  const third = stage(2, 'all');

  const { features, output: embedding } = evaluate(network, inputs.images);
  const actual = {
    loss: [...first, ...second, ...third],
    ...prefixed('afterStage2', new Map(afterStage2)),
    ...prefixed('weights', network.toNamedTensors()),
    embedding,
    features,
  };
  network.dispose();
  return actual;
}

function networkOf(width: number, inputs: Record<string, NdArray>): ContrastiveNetwork {
  return new ContrastiveNetwork(
    { stem: 'small', width },
    2 * width,
    storedWeights(namedArrays(inputs, 'weights')),
  );
}

/** One pass with the Cauchy loss, and all gradients. */
function trainingPass(network: ContrastiveNetwork, given: NdArray): Actual {
  const images = imagesOf(given);
  const { features, output } = network.forward(images, 'train');
  const { loss, gradient } = cauchyInfoNce(output);
  network.backward(gradient, 'all');
  const gradients: NamedTensors = new Map(
    network.parameters('all').map(weight => [weight.name, fromTensor(weight.gradient!)] as const),
  );
  const actual = {
    'train.features': fromTensor(features),
    'train.output': fromTensor(output),
    'train.loss': loss.dataSync()[0],
    ...prefixed('gradient', gradients),
  };
  tf.dispose([images, features, output, loss, gradient]);
  return actual;
}

interface OptimiserSettings {
  momentum: number;
  weightDecay: number;
}

/** Trains one stage on `views` [steps, 2n, h, w, 3] (levels, or 0 … 1) from batch `first` on; gives each step's loss. */
function trainStage(
  network: ContrastiveNetwork,
  { views, first, learningRates }: { views: NdArray; first: number; learningRates: readonly number[] },
  trained: Trained,
  settings: OptimiserSettings & { loss: 'cauchy' | 'cosine'; temperature: number },
): number[] {
  const [, ...shape] = views.shape;
  const size = shape.reduce((product, length) => product * length, 1);
  const optimiser = new Sgd(network.parameters(trained), settings);
  const losses = learningRates.map((learningRate, step) => {
    const ofStep = views.data.slice((first + step) * size, (first + step + 1) * size);
    const batch = imagesOf(ndarray(ofStep, shape));
    const parts = { network, optimiser, loss: contrastiveLoss(settings) };
    const loss = trainingStep(parts, batch, learningRate, trained);
    batch.dispose();
    return loss;
  });
  optimiser.dispose();
  return losses;
}

/** Features and output of images (levels, or 0 … 1), in evaluation mode. */
function evaluate(network: ContrastiveNetwork, given: NdArray) {
  const images = imagesOf(given);
  const { features, output } = network.forward(images, 'evaluate');
  const arrays = { features: fromTensor(features), output: fromTensor(output) };
  tf.dispose([images, features, output]);
  return arrays;
}

function imagesOf(given: NdArray): Tensor {
  const { data, shape } = fractions(given);
  return tf.tensor(data, [...shape]);
}
