// What is drawn at random for one view of an image; the distributions are those of torchvision's transforms.
import type { Random } from '../../numeric/random.ts';
import { type AugmentationSet, augmentationSets } from './augmentation-set.ts';

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
  readonly jitter: Jitter | null;
  readonly grayscale: boolean;
}

// The authors' `tsimcne.imagedistortions` and `scripts/mnist.py`; torchvision's names in brackets.
const flipProbability = 0.5;
const quarterTurnProbability = 0.5;
const largestAngleDegrees = 45; // RandomRotation(45)
const cropArea = { smallest: 0.2, largest: 1 }; // RandomResizedCrop(scale)
const cropLogAspect = Math.log(4 / 3); // RandomResizedCrop(ratio), to either side
const cropAttempts = 10; // fixed in RandomResizedCrop.get_params
const jitterProbability = 0.8;
const jitterStrength = { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 }; // ColorJitter
const grayscaleProbability = 0.2;

/** Draws one view's parameters for square images of `size` pixels a side. */
export function drawViewParameters(random: Random, set: AugmentationSet, size: number): ViewParameters {
  const { quarterTurn, rotation, verticalFlip } = augmentationSets[set];
  return {
    quarterTurns: quarterTurn && random.chance(quarterTurnProbability) ? 1 : 0,
    angleDegrees: rotation ? random.uniform(-largestAngleDegrees, largestAngleDegrees) : null,
    crop: drawCrop(random, size),
    flipHorizontally: random.chance(flipProbability),
    flipVertically: verticalFlip && random.chance(flipProbability),
    jitter: random.chance(jitterProbability) ? drawJitter(random) : null,
    grayscale: random.chance(grayscaleProbability),
  };
}

/** A crop of uniform area and log-uniform aspect ratio, redrawn until it fits; after ten failures, all of it. */
function drawCrop(random: Random, size: number): Crop {
  for (let attempt = 0; attempt < cropAttempts; attempt++) {
    const area = size * size * random.uniform(cropArea.smallest, cropArea.largest);
    const aspect = Math.exp(random.uniform(-cropLogAspect, cropLogAspect));
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

function drawJitter(random: Random): Jitter {
  const { brightness, contrast, saturation, hue } = jitterStrength;
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
