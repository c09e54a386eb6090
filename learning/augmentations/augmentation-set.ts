// The paper's three sets of augmentations as data: section 3.1, the authors' `tsimcne.imagedistortions` and `scripts/mnist.py`;
// torchvision's names in brackets.
import type { Operation } from './operation.ts';

const quarterTurn: Operation = { operation: 'quarterTurn', probability: 0.5 };
const rotation: Operation = { operation: 'rotation', degrees: 45 }; // RandomRotation(45)
const crop: Operation = { operation: 'crop', area: [0.2, 1], aspect: 4 / 3 }; // RandomResizedCrop(scale, ratio)
const horizontalFlip: Operation = { operation: 'horizontalFlip', probability: 0.5 };
const verticalFlip: Operation = { operation: 'verticalFlip', probability: 0.5 };
const colours: readonly Operation[] = [
  {
    ...{ operation: 'colourJitter', probability: 0.8 },
    ...{ brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 }, // ColorJitter
  },
  { operation: 'greyscale', probability: 0.2 },
];

/** Of the paper, by name. */
export const augmentationSets = {
  default: [crop, horizontalFlip, ...colours],
  rot90: [quarterTurn, crop, horizontalFlip, verticalFlip, ...colours],
  randrot: [quarterTurn, rotation, crop, horizontalFlip, verticalFlip, ...colours],
} satisfies Record<string, readonly Operation[]>;

/** One of the paper's, by its name, or the operations of another. */
export type AugmentationSet = keyof typeof augmentationSets | readonly Operation[];

/** The paper's set of that name. @throws RangeError where the paper has none */
export function paperSet(name: string): AugmentationSet {
  if (Object.hasOwn(augmentationSets, name)) return name as keyof typeof augmentationSets;
  throw new RangeError(`augmentation set "${name}" is none of ${Object.keys(augmentationSets).join(', ')}`);
}

export function operationsOf(set: AugmentationSet): readonly Operation[] {
  return typeof set === 'string' ? augmentationSets[set] : set;
}
