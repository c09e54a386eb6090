// Convolution, batch normalisation and, where asked, ReLU: the brick that ResNets are built of.
import { type Tensor, tf } from '../tensorflow/backend.ts';
import {
  type BatchNormOutput,
  batchNormEvaluation,
  batchNormGradient,
  batchNormTraining,
  conv2d,
  conv2dInputGradient,
  cropImage,
  type Padding,
  relu,
  reluGradient,
} from '../tensorflow/native-ops.ts';
import { precisionOf, toPrecision } from '../tensorflow/precision.ts';
import { kernelGradient } from './kernel-gradient.ts';
import type { Layer, Mode } from './layer.ts';
import { Weight, type WeightSource } from './weight.ts';
import { padFor, type Window } from './window.ts';

const epsilon = 1e-5; // torch.nn.BatchNorm2d
const statisticsMomentum = 0.1; // torch.nn.BatchNorm2d

export interface ConvolutionUnitShape extends Window {
  readonly inputs: number;
  readonly outputs: number;
  readonly relu: boolean;
}

/** What a forward pass leaves for the backward pass. `x` is the giver's; `padded` may be `x` itself. */
interface Kept {
  x: Tensor;
  padded: Tensor;
  padding: Padding;
  convolved: Tensor;
  saved: BatchNormOutput['saved'];
  y: Tensor | undefined;
}

/** y = ReLU(batchNorm(convolution(x))), the convolution without bias; named as PyTorch names the two modules. */
export class ConvolutionUnit implements Layer {
  readonly weights: readonly [kernel: Weight, scale: Weight, shift: Weight, mean: Weight, variance: Weight];
  readonly #shape: ConvolutionUnitShape;
  #kept: Kept | undefined;

  constructor(
    shape: ConvolutionUnitShape,
    names: { convolution: string; norm: string },
    source: WeightSource,
  ) {
    const { inputs, outputs, size } = shape;
    const fanOut = outputs * size * size;
    const weight = (name: string, ...[shape, initial]: [number[], Parameters<WeightSource>[2]]) =>
      new Weight(name, source(name, shape, initial));
    const constant = (value: number) => ({ kind: 'constant', value }) as const;
    this.#shape = shape;
    this.weights = [
      // Kaiming's normal initialisation by fan-out, as torchvision's and the authors' ResNets have it.
      weight(`${names.convolution}.weight`, [outputs, inputs, size, size], {
        kind: 'normal',
        standardDeviation: Math.sqrt(2 / fanOut),
      }),
      weight(`${names.norm}.weight`, [outputs], constant(1)),
      weight(`${names.norm}.bias`, [outputs], constant(0)),
      weight(`${names.norm}.running_mean`, [outputs], constant(0)),
      weight(`${names.norm}.running_var`, [outputs], constant(1)),
    ];
  }

  forward(x: Tensor, mode: Mode): Tensor {
    const [kernel, scale, shift, mean, variance] = this.weights;
    const { padded, padding } = padFor(this.#shape, x);
    const convolved = conv2d(padded, toPrecision(kernel.value, precisionOf(x)), this.#shape.stride, padding);
    const normInputs = [convolved, scale.value, shift.value, mean.value, variance.value] as const;
    if (mode === 'evaluate') {
      const y = batchNormEvaluation(normInputs, epsilon);
      return this.#shape.relu ? relu(y) : y;
    }
    const norm = batchNormTraining(normInputs, epsilon, statisticsMomentum);
    mean.assign(norm.runningMean);
    variance.assign(norm.runningVariance);
    const y = this.#shape.relu ? relu(norm.y) : norm.y;
    if (mode === 'train') this.#keep({ x, padded, padding, convolved, saved: norm.saved, y });
    return y;
  }

  backward(dy: Tensor): Tensor {
    return this.#releasing((kept, dConvolved) => {
      const kernel = toPrecision(this.weights[0].value, precisionOf(dConvolved));
      const { x, padded, padding } = kept;
      const dPadded = conv2dInputGradient(padded.shape, kernel, dConvolved, this.#shape.stride, padding);
      return padded === x ? dPadded : cropImage(dPadded, this.#shape.padding, x.shape);
    }, dy);
  }

  /** As `backward`, for the first layer of a network: nobody asks for the gradient by the image. */
  backwardWithoutInput(dy: Tensor): void {
    this.#releasing(() => undefined, dy);
  }

  /** Backward down to the convolution's output, and its kernel; then what `rest` makes of it; then all that was kept goes. */
  #releasing<Result>(rest: (kept: Kept, dConvolved: Tensor) => Result, dy: Tensor): Result {
    const kept = this.#kept;
    if (!kept) throw new Error(`${this.weights[0].name}: backward without a forward pass in mode "train"`);
    const [kernel, scale, shift] = this.weights;
    const dNorm = kept.y ? reluGradient(dy, kept.y) : dy;
    const gradients = batchNormGradient(dNorm, kept.convolved, scale.value, kept.saved, epsilon);
    scale.setGradient(gradients.dScale);
    shift.setGradient(gradients.dShift);
    const { padded: x, padding } = kept;
    const { stride } = this.#shape;
    kernel.setGradient(
      kernelGradient({ x, dy: gradients.dx, kernelShape: kernel.value.shape, stride, padding }),
    );
    const result = rest(kept, gradients.dx);
    this.#release(kept);
    return result;
  }

  #keep({ y, ...kept }: Kept): void {
    if (kept.padded !== kept.x) tf.keep(kept.padded);
    tf.keep(kept.convolved);
    for (const tensor of kept.saved) tf.keep(tensor);
    this.#kept = { ...kept, y: this.#shape.relu && y ? tf.keep(y) : undefined };
  }

  #release({ x, padded, convolved, saved, y }: Kept): void {
    tf.dispose([convolved, ...saved]);
    if (padded !== x) padded.dispose();
    y?.dispose();
    this.#kept = undefined;
  }
}
