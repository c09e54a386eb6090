// How much arithmetic a network costs: multiply-adds counted layer by layer, for forecasts.
import type { TrainingSettings } from '../experiments/settings.ts';

type Network = TrainingSettings['network'];

/** Multiply-adds of one image through ResNet18's convolutions to the pooled features. `imageSize`: height and width in pixels. */
export function backboneMultiplyAdds({ stem, width }: Network, imageSize: number): number {
  let side = stem === 'small' ? imageSize : Math.ceil(imageSize / 2);
  let sum = (stem === 'imagenet' ? 49 : 9) * 3 * width * side ** 2;
  if (stem === 'imagenet') side = Math.ceil(side / 2); // max-pooling
  for (let layer = 0; layer < 4; layer++) {
    const channels = width * 2 ** layer;
    const inputs = layer === 0 ? channels : channels / 2;
    if (layer > 0) side = Math.ceil(side / 2);
    const shortcut = layer === 0 ? 0 : inputs * channels;
    sum += side ** 2 * (9 * inputs * channels + 3 * 9 * channels ** 2 + shortcut);
  }
  return sum;
}

/** Of one image through backbone and projection head (8 w → 16 w → output). */
export function forwardMultiplyAdds(network: Network, imageSize: number, outputDimension: number): number {
  const features = 8 * network.width;
  return backboneMultiplyAdds(network, imageSize) + 2 * features * (features + outputDimension);
}

/**
 * Floating-point operations of one image's two views in a stage: forward and, where all is trained, twice as much backward
 * (by the input and by the weights); a multiply-add counts two.
 */
export function trainingOperations(
  network: Network,
  imageSize: number,
  { train, outputDimension }: Pick<TrainingSettings['stages'][number], 'train' | 'outputDimension'>,
): number {
  const passes = train === 'all' ? 3 : 1;
  return 2 * 2 * passes * forwardMultiplyAdds(network, imageSize, outputDimension);
}

/** Multiply-adds of torchvision's networks at 224×224, as its documentation of the weights gives them (GFLOPS there). */
export const pretrainedMultiplyAdds = { resnet18: 1.81e9, resnet152: 11.51e9 } as const;
