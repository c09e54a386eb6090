// One step of training: forward, loss, backward, update.

import { cauchyInfoNce } from './losses/cauchy-info-nce.ts';
import type { ContrastiveLoss } from './losses/contrastive-loss.ts';
import { cosineInfoNce } from './losses/cosine-info-nce.ts';
import type { ContrastiveNetwork, Trained } from './networks/contrastive-network.ts';
import type { Sgd } from './sgd.ts';
import { type Tensor, tf } from './tensorflow/backend.ts';
import type { TrainingSettings } from './training-settings.ts';

/** The loss that settings name. */
export function contrastiveLoss({
  loss,
  temperature,
}: Pick<TrainingSettings, 'loss' | 'temperature'>): ContrastiveLoss {
  return loss === 'cauchy' ? cauchyInfoNce : z => cosineInfoNce(z, temperature);
}

/**
 * Trains on one batch: `views` [2n, h, w, 3] in 0…1, rows i and n + i being the two views of image i; the backbone computes in their
 * precision. Gives the loss before the update; leaves no tensor behind.
 */
export function trainingStep(
  { network, optimiser, loss }: { network: ContrastiveNetwork; optimiser: Sgd; loss: ContrastiveLoss },
  views: Tensor,
  learningRate: number,
  trained: Trained,
): number {
  const { features, output } = network.forward(views, trained === 'all' ? 'train' : 'frozen');
  const result = loss(output);
  network.backward(result.gradient, trained);
  optimiser.step(learningRate);
  const value = result.loss.dataSync()[0];
  tf.dispose([features, output, result.loss, result.gradient]);
  return value;
}
