// What the reference checks of whole trainings have in common: given views, one batch a step, one rate a step.
import { tf } from '../../learning/backend.ts';
import type { ContrastiveNetwork, Trained } from '../../learning/networks/contrastive-network.ts';
import { Sgd } from '../../learning/sgd.ts';
import { contrastiveLoss, trainingStep } from '../../learning/training-step.ts';
import { fromTensor } from '../../learning/weights/named-tensors.ts';
import type { NdArray } from '../../numeric/arrays/array.ts';
import { fractions } from './typed-inputs.ts';

export interface StageSettings {
  loss: 'cauchy' | 'cosine';
  temperature: number;
  momentum: number;
  weightDecay: number;
}

/** Trains one stage on `views` [steps, 2n, h, w, 3] (levels, or 0 … 1) from batch `first` on; gives each step's loss. */
export function trainStage(
  network: ContrastiveNetwork,
  { views, first, learningRates }: { views: NdArray; first: number; learningRates: readonly number[] },
  trained: Trained,
  settings: StageSettings,
): number[] {
  const [, rows, height, width, channels] = views.shape;
  const size = rows * height * width * channels;
  const optimiser = new Sgd(network.parameters(trained), settings);
  const { data } = fractions(views);
  const losses = learningRates.map((learningRate, step) => {
    const ofStep = data.slice((first + step) * size, (first + step + 1) * size);
    const batch = tf.tensor4d(ofStep, [rows, height, width, channels]);
    const loss = trainingStep(
      { network, optimiser, loss: contrastiveLoss(settings) },
      batch,
      learningRate,
      trained,
    );
    batch.dispose();
    return loss;
  });
  optimiser.dispose();
  return losses;
}

/** Features and output of images (levels, or 0 … 1), in evaluation mode. */
export function evaluate(network: ContrastiveNetwork, given: NdArray) {
  const { data, shape } = fractions(given);
  const images = tf.tensor(data, [...shape]);
  const { features, output } = network.forward(images, 'evaluate');
  const arrays = { features: fromTensor(features), output: fromTensor(output) };
  tf.dispose([images, features, output]);
  return arrays;
}
