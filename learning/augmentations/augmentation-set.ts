// The paper's three sets of augmentations: what each adds to crops, horizontal flips, colour jitter and grayscale.

export type AugmentationSet = 'default' | 'rot90' | 'randrot';

/** The steps that not every set has (paper, section 3.1; the authors' `scripts/mnist.py`). */
export interface ExtraSteps {
  readonly quarterTurn: boolean;
  readonly verticalFlip: boolean;
  readonly rotation: boolean;
}

export const augmentationSets: Record<AugmentationSet, ExtraSteps> = {
  default: { quarterTurn: false, verticalFlip: false, rotation: false },
  rot90: { quarterTurn: true, verticalFlip: true, rotation: false },
  randrot: { quarterTurn: true, verticalFlip: true, rotation: true },
};
