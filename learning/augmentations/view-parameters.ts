// What is drawn at random for one view of an image; the distributions are those of torchvision's transforms.
import type { Random } from '../../numeric/random.ts';
import { type AugmentationSet, operationsOf } from './augmentation-set.ts';
import type { Blur } from './gaussian-blur.ts';
import type { Operation } from './operation.ts';
import type { Stains } from './stain-jitter.ts';

export type JitterStep = 'brightness' | 'contrast' | 'saturation' | 'hue';

/** A rectangle of whole pixels. */
export interface Crop {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** Factors of the colour steps (`hue` in turns, −0.5 … 0.5), and the order in which they are applied. */
export interface Jitter extends Readonly<Record<JitterStep, number>> {
  readonly order: readonly JitterStep[];
}

/** All that makes one view out of an image; `augment` applies it in the order of the fields. */
export interface ViewParameters {
  /** Counter-clockwise turns by 90°. */
  readonly quarterTurns: 0 | 1;
  /** Counter-clockwise; null where the set has no rotation. */
  readonly angleDegrees: number | null;
  readonly crop: Crop;
  readonly flipHorizontally: boolean;
  readonly flipVertically: boolean;
  readonly stains: Stains | null;
  readonly jitter: Jitter | null;
  readonly grayscale: boolean;
  readonly blur: Blur | null;
}

type Kind<Name extends Operation['operation']> = Extract<Operation, { operation: Name }>;

const cropAttempts = 10; // fixed in RandomResizedCrop.get_params

/** Draws one view's parameters for square images of `size` pixels a side: one operation after the other, in the set's order. */
export function drawViewParameters(random: Random, set: AugmentationSet, size: number): ViewParameters {
  return Object.assign(
    unchangedView(size),
    ...operationsOf(set).map(operation => drawOperation(random, operation, size)),
  );
}

/** A view that is the image. */
export function unchangedView(size: number): ViewParameters {
  return {
    quarterTurns: 0,
    angleDegrees: null,
    crop: { top: 0, left: 0, height: size, width: size },
    flipHorizontally: false,
    flipVertically: false,
    stains: null,
    jitter: null,
    grayscale: false,
    blur: null,
  };
}

function drawOperation(random: Random, one: Operation, size: number): Partial<ViewParameters> {
  switch (one.operation) {
    case 'quarterTurn':
      return { quarterTurns: random.chance(one.probability) ? 1 : 0 };
    case 'rotation':
      return { angleDegrees: random.uniform(-one.degrees, one.degrees) };
    case 'crop':
      return { crop: drawCrop(random, one, size) };
    case 'horizontalFlip':
      return { flipHorizontally: random.chance(one.probability) };
    case 'verticalFlip':
      return { flipVertically: random.chance(one.probability) };
    case 'stainJitter':
      return { stains: random.chance(one.probability) ? drawStains(random, one) : null };
    case 'colourJitter':
      return { jitter: random.chance(one.probability) ? drawJitter(random, one) : null };
    case 'greyscale':
      return { grayscale: random.chance(one.probability) };
    case 'gaussianBlur':
      return {
        blur: random.chance(one.probability)
          ? { kernel: one.kernel, sigma: random.uniform(...one.sigma) }
          : null,
      };
  }
}

/** A crop of uniform area and log-uniform aspect ratio, redrawn until it fits; after ten failures, all of it. */
function drawCrop(
  random: Random,
  { area: [smallest, largest], aspect: widest }: Kind<'crop'>,
  size: number,
): Crop {
  const logAspect = Math.log(widest);
  for (let attempt = 0; attempt < cropAttempts; attempt++) {
    const area = size * size * random.uniform(smallest, largest);
    const aspect = Math.exp(random.uniform(-logAspect, logAspect));
    const width = Math.round(Math.sqrt(area * aspect));
    const height = Math.round(Math.sqrt(area / aspect));
    if (width > 0 && width <= size && height > 0 && height <= size) {
      const top = random.integer(size - height + 1);
      const left = random.integer(size - width + 1);
      return { top, left, height, width };
    }
  }
  return { top: 0, left: 0, height: size, width: size };
}

function drawStains(random: Random, { factor, shift }: Kind<'stainJitter'>): Stains {
  const three = (draw: () => number) => [draw(), draw(), draw()] as const;
  return {
    factors: three(() => random.uniform(1 - factor, 1 + factor)),
    shifts: three(() => random.uniform(-shift, shift)),
  };
}

function drawJitter(random: Random, { brightness, contrast, saturation, hue }: Kind<'colourJitter'>): Jitter {
  return {
    brightness: random.uniform(1 - brightness, 1 + brightness),
    contrast: random.uniform(1 - contrast, 1 + contrast),
    saturation: random.uniform(1 - saturation, 1 + saturation),
    hue: random.uniform(-hue, hue),
    order: jitterOrders[random.integer(jitterOrders.length)],
  };
}

const jitterOrders = permutationsOf<JitterStep>(['brightness', 'contrast', 'saturation', 'hue']);

function permutationsOf<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first, i) => permutationsOf(items.toSpliced(i, 1)).map(rest => [first, ...rest]));
}
