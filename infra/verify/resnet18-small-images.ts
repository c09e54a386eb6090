// Reference check `resnet18-small-images`: one training pass with all gradients, its running statistics, and evaluation.
import { z } from 'zod';
import { type Tensor, tf } from '../../learning/backend.ts';
import { cauchyInfoNce } from '../../learning/losses/cauchy-info-nce.ts';
import { ContrastiveNetwork } from '../../learning/networks/contrastive-network.ts';
import { storedWeights } from '../../learning/networks/weight.ts';
import { fromTensor, type NamedTensors } from '../../learning/weights/named-tensors.ts';
import type { Actual, Check } from './golden-case.ts';
import { namedArrays, prefixed } from './named-arrays.ts';
import { fractions } from './typed-inputs.ts';

const Parameters = z.object({ width: z.number() });

export const resnet18SmallImages: Check = golden => {
  const { width } = Parameters.parse(golden.parameters);
  const weights = storedWeights(namedArrays(golden.inputs, 'weights'));
  const network = new ContrastiveNetwork({ stem: 'small', width }, 2 * width, weights);
  const { data, shape } = fractions(golden.inputs.images);
  const images = tf.tensor(data, [...shape]);
  const training = trainingPass(network, images);
  const evaluation = evaluate(network, images);
  const statistics = [...network.toNamedTensors()].filter(([name]) => name.includes('running_'));
  images.dispose();
  network.dispose();
  return { ...training, ...prefixed('statistics', new Map(statistics)), ...evaluation };
};

function trainingPass(network: ContrastiveNetwork, images: Tensor): Actual {
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
  tf.dispose([features, output, loss, gradient]);
  return actual;
}

function evaluate(network: ContrastiveNetwork, images: Tensor): Actual {
  const { features, output } = network.forward(images, 'evaluate');
  const actual = { 'eval.features': fromTensor(features), 'eval.output': fromTensor(output) };
  tf.dispose([features, output]);
  return actual;
}
