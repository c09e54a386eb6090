// What a set of augmentations is made of: operations with their parameters, drawn in the set's order and applied in that of `augment`.

/** Happens with that probability, or not at all. */
interface Chance {
  readonly probability: number;
}

/** A turn by 90°, counter-clockwise. */
export type QuarterTurn = Chance & { readonly operation: 'quarterTurn' };
/** A turn by up to so many degrees to either side; corners get the data set's border colour. */
export interface Rotation {
  readonly operation: 'rotation';
  readonly degrees: number;
}
/** A crop of `area` (smallest and largest share) and of an aspect ratio up to `aspect` to either side, resized to the whole. */
export interface ResizedCrop {
  readonly operation: 'crop';
  readonly area: readonly [smallest: number, largest: number];
  readonly aspect: number;
}
export type Flip = Chance & { readonly operation: 'horizontalFlip' | 'verticalFlip' };
/** Amounts of haematoxylin, eosin and DAB times 1 ± `factor`, plus up to ± `shift`, each drawn by itself (Tellez et al., 2018). */
export type StainJitter = Chance & {
  readonly operation: 'stainJitter';
  readonly factor: number;
  readonly shift: number;
};
/** Brightness, contrast and saturation times 1 ± so much, hue ± so many turns, in random order. */
export type ColourJitter = Chance & {
  readonly operation: 'colourJitter';
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  readonly hue: number;
};
export type Greyscale = Chance & { readonly operation: 'greyscale' };
/** A Gaussian of a width between the two `sigma`, in pixels, on `kernel` × `kernel` of them. */
export type GaussianBlur = Chance & {
  readonly operation: 'gaussianBlur';
  readonly kernel: number;
  readonly sigma: readonly [least: number, most: number];
};

export type Operation =
  | QuarterTurn
  | Rotation
  | ResizedCrop
  | Flip
  | StainJitter
  | ColourJitter
  | Greyscale
  | GaussianBlur;
