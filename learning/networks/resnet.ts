// ResNets from the image to the pooled features: the paper's for small images, and torchvision's (their names, their numbers).
import { type Tensor, tf } from '../tensorflow/backend.ts';
import { globalMean, globalMeanGradient } from '../tensorflow/native-ops.ts';
import { precisionOf, toPrecision } from '../tensorflow/precision.ts';
import { backwardThrough, forwardThrough, type Mode } from './layer.ts';
import { blockOutputs, ResidualBlock, type ResidualBlockShape } from './residual-block.ts';
import { Stem, type StemKind } from './stem.ts';
import type { Weight, WeightSource } from './weight.ts';

export interface ResNetShape {
  readonly stem: StemKind;
  readonly block: ResidualBlockShape['kind'];
  /** How many blocks each of the four layers has. */
  readonly blocks: readonly number[];
  /** Channels of the first layer; each further layer has twice as many. */
  readonly width: number;
}

/** ResNet18 (He et al. 2016) at any width. */
export function resnet18(stem: StemKind, width: number): ResNetShape {
  return { stem, block: 'basic', blocks: [2, 2, 2, 2], width };
}

/** ResNet152 as torchvision has it. */
export const resnet152: ResNetShape = {
  stem: 'imagenet',
  block: 'bottleneck',
  blocks: [3, 8, 36, 3],
  width: 64,
};

/** The backbone: images → features, with an explicit backward pass. Weights are named `<prefix>conv1.weight` and so on. */
export class ResNet {
  readonly weights: readonly Weight[];
  readonly #stem: Stem;
  readonly #blocks: readonly ResidualBlock[];
  #lastMap: { x: Tensor; shape: number[] } | undefined;

  constructor(shape: ResNetShape, prefix: string, source: WeightSource) {
    this.#stem = new Stem(shape.stem, shape.width, prefix, source);
    this.#blocks = blockShapes(shape).map(
      ({ name, ...block }) => new ResidualBlock(block, `${prefix}${name}`, source),
    );
    this.weights = [...this.#stem.weights, ...this.#blocks.flatMap(block => block.weights)];
  }

  /** Images [n, h, w, 3] → features [n, d], d = 8 · width, or 32 · width with bottlenecks. */
  forward(images: Tensor, mode: Mode): Tensor {
    const first = tf.tidy(() => this.#stem.forward(images, mode));
    const last = forwardThrough(this.#blocks, first, mode);
    const features = tf.tidy(() => globalMean(toPrecision(last, 'float32')));
    if (mode === 'train') this.#lastMap = { x: last, shape: last.shape };
    else tf.dispose([first, last]);
    return features;
  }

  /** Sets all gradients, from the gradient by the features. */
  backward(dFeatures: Tensor): void {
    const { x, shape } = this.#lastMap!;
    const dMap = tf.tidy(() => toPrecision(globalMeanGradient(dFeatures, shape), precisionOf(x)));
    const dFirst = backwardThrough(this.#blocks, dMap);
    dMap.dispose();
    tf.tidy(() => this.#stem.backward(dFirst));
    dFirst.dispose();
  }
}

/** The blocks' names and shapes, in order. */
function blockShapes({ stem, block, blocks, width }: ResNetShape): (ResidualBlockShape & { name: string })[] {
  let inputs = width;
  return blocks.flatMap((count, layer) =>
    Array.from({ length: count }, (_, position) => {
      const shape = {
        kind: block,
        name: `layer${layer + 1}.${position}`,
        inputs,
        width: width * 2 ** layer,
        stride: layer > 0 && position === 0 ? 2 : 1,
        shortcutName: stem === 'imagenet' ? 'downsample' : 'shortcut',
      };
      inputs = blockOutputs(shape);
      return shape;
    }),
  );
}
