// A residual block: y = ReLU(main path + shortcut), as in He et al. 2016 and torchvision's resnet.py.
import { type Tensor, tf } from '../tensorflow/backend.ts';
import { add, relu, reluGradient } from '../tensorflow/native-ops.ts';
import { ConvolutionUnit } from './convolution-unit.ts';
import { backwardThrough, forwardThrough, type Layer, type Mode } from './layer.ts';
import type { Weight, WeightSource } from './weight.ts';

export interface ResidualBlockShape {
  readonly kind: 'basic' | 'bottleneck';
  readonly inputs: number;
  /** Channels inside the block; a basic block puts out as many, a bottleneck four times as many. */
  readonly width: number;
  readonly stride: number;
  /** What PyTorch's module calls the shortcut: `shortcut` in the authors' small ResNet, `downsample` in torchvision. */
  readonly shortcutName: string;
}

/** How many channels a block puts out. */
export function blockOutputs({ kind, width }: Pick<ResidualBlockShape, 'kind' | 'width'>): number {
  return kind === 'basic' ? width : 4 * width;
}

export class ResidualBlock implements Layer {
  readonly weights: readonly Weight[];
  readonly #main: readonly ConvolutionUnit[];
  readonly #shortcut: readonly ConvolutionUnit[];
  #y: Tensor | undefined;

  constructor(shape: ResidualBlockShape, prefix: string, source: WeightSource) {
    this.#main =
      shape.kind === 'basic' ? basicPath(shape, prefix, source) : bottleneckPath(shape, prefix, source);
    this.#shortcut = shortcutPath(shape, prefix, source);
    this.weights = [...this.#main, ...this.#shortcut].flatMap(unit => unit.weights);
  }

  forward(x: Tensor, mode: Mode): Tensor {
    const main = forwardThrough(this.#main, x, mode);
    const y = relu(add(main, forwardThrough(this.#shortcut, x, mode)));
    if (mode === 'train') this.#y = tf.keep(y);
    return y;
  }

  backward(dy: Tensor): Tensor {
    const dSum = reluGradient(dy, this.#y!);
    this.#y!.dispose();
    const dMain = backwardThrough(this.#main, dSum);
    return add(dMain, backwardThrough(this.#shortcut, dSum));
  }
}

/** Two 3×3 convolutions, the first with the stride. */
function basicPath({ inputs, width, stride }: ResidualBlockShape, prefix: string, source: WeightSource) {
  const unit = unitMaker(prefix, source);
  return [
    unit(1, { inputs, outputs: width, size: 3, stride, padding: 1, relu: true }),
    unit(2, { inputs: width, outputs: width, size: 3, stride: 1, padding: 1, relu: false }),
  ];
}

/** 1×1 down, 3×3 with the stride (torchvision's "V1.5"), 1×1 up. */
function bottleneckPath({ inputs, width, stride }: ResidualBlockShape, prefix: string, source: WeightSource) {
  const unit = unitMaker(prefix, source);
  return [
    unit(1, { inputs, outputs: width, size: 1, stride: 1, padding: 0, relu: true }),
    unit(2, { inputs: width, outputs: width, size: 3, stride, padding: 1, relu: true }),
    unit(3, { inputs: width, outputs: 4 * width, size: 1, stride: 1, padding: 0, relu: false }),
  ];
}

/** Nothing where the shape stays, else a 1×1 convolution. */
function shortcutPath(shape: ResidualBlockShape, prefix: string, source: WeightSource) {
  const { inputs, stride, shortcutName } = shape;
  const outputs = blockOutputs(shape);
  if (stride === 1 && inputs === outputs) return [];
  const names = { convolution: `${prefix}.${shortcutName}.0`, norm: `${prefix}.${shortcutName}.1` };
  return [new ConvolutionUnit({ inputs, outputs, size: 1, stride, padding: 0, relu: false }, names, source)];
}

function unitMaker(prefix: string, source: WeightSource) {
  return (k: number, shape: ConstructorParameters<typeof ConvolutionUnit>[0]) =>
    new ConvolutionUnit(shape, { convolution: `${prefix}.conv${k}`, norm: `${prefix}.bn${k}` }, source);
}
