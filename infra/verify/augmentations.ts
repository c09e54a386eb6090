// Reference check `augmentations`: single steps, and whole views, against torchvision on Pillow images.
import { z } from 'zod';
import { augment } from '../../learning/augmentations/augment.ts';
import {
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
} from '../../learning/augmentations/color-jitter.ts';
import { gaussianBlur } from '../../learning/augmentations/gaussian-blur.ts';
import { grayscale } from '../../learning/augmentations/grayscale.ts';
import { adjustHue } from '../../learning/augmentations/hue.ts';
import { quarterTurned, type Raster, rasterOf } from '../../learning/augmentations/raster.ts';
import { type Flips, resizedCrop } from '../../learning/augmentations/resized-crop.ts';
import { rotate } from '../../learning/augmentations/rotation.ts';
import { stainJitter } from '../../learning/augmentations/stain-jitter.ts';
import {
  asLevels,
  type TonedPixels,
  tonedPixels,
  writeSeen,
} from '../../learning/augmentations/toned-pixels.ts';
import { unchangedView } from '../../learning/augmentations/view-parameters.ts';
import { type NdArray, ndarray, sizeOf } from '../../numeric/arrays/array.ts';
import type { Check } from './golden-case.ts';

type Image = NdArray<Uint8Array>;

const Three = z.tuple([z.number(), z.number(), z.number()]);
const CropRectangle = z
  .tuple([z.number(), z.number(), z.number(), z.number()])
  .transform(([top, left, height, width]) => ({ top, left, height, width }));
const Jitter = z.object({
  brightness: z.number(),
  contrast: z.number(),
  saturation: z.number(),
  hue: z.number(),
  order: z.array(z.enum(['brightness', 'contrast', 'saturation', 'hue'])),
});
/** `fill` and `size` stand either with an item or with the whole case. */
const Item = z.object({
  image: z.number(),
  size: z.number().optional(),
  crop: CropRectangle.optional(),
  turns: z.number().default(0),
  angle: z.number().nullish(),
  fill: Three.default([0, 0, 0]),
  factor: z.number().default(1),
  quarterTurn: z.boolean().default(false),
  horizontalFlip: z.boolean().default(false),
  verticalFlip: z.boolean().default(false),
  jitter: Jitter.nullish(),
  grayscale: z.boolean().default(false),
  kernel: z.number().default(3),
  sigma: z.number().default(1),
  factors: Three.default([1, 1, 1]),
  shifts: Three.default([0, 0, 0]),
});
type Item = z.infer<typeof Item>;

const orderOfSteps = [
  'quarterTurn',
  'rotation',
  'resizedCrop',
  'horizontalFlip',
  'verticalFlip',
  'jitter',
  'grayscale',
];

export const augmentations: Check = ({ case: name, parameters, inputs }) => {
  const { items, order, ...common } = z
    .looseObject({ items: z.array(z.looseObject({})), order: z.array(z.string()).default([]) })
    .parse(parameters);
  if (String(order) !== String(orderOfSteps.filter(step => order.includes(step)))) {
    throw new RangeError(
      `augmentations: steps are applied in the order ${orderOfSteps}, the case has ${order}`,
    );
  }
  const step = Object.entries(steps).find(([prefix]) => name.startsWith(prefix))?.[1];
  if (!step) throw new RangeError(`augmentations: case ${name} begins with none of ${Object.keys(steps)}`);
  const views = items.map(each => {
    const item = Item.parse({ ...common, ...each });
    return step(imageAt(inputs.images as Image, item.image), item);
  });
  return { augmented: stacked(views) };
};

/** By the beginning of a case's name. */
const steps: Record<string, (image: Image, item: Item) => Image> = {
  'resized-crop': (image, item) => resizedCrop(rasterOf(image), cropOf(image, item), blank(image, item)),
  'horizontal-flip': image => whole(rasterOf(image), { flipHorizontally: true, flipVertically: false }),
  'vertical-flip': image => whole(rasterOf(image), { flipHorizontally: false, flipVertically: true }),
  'quarter-turns': (image, { turns }) => {
    let turned = rasterOf(image);
    for (let i = 0; i < turns; i++) turned = quarterTurned(turned);
    return whole(turned);
  },
  rotation: (image, { angle, fill }) => rotate(rasterOf(image), angle ?? 0, fill, blankLike(image)),
  brightness: (image, { factor }) => recoloured(image, pixels => adjustBrightness(pixels, factor)),
  contrast: (image, { factor }) => recoloured(image, pixels => adjustContrast(pixels, factor)),
  saturation: (image, { factor }) => recoloured(image, pixels => adjustSaturation(pixels, factor)),
  hue: (image, { factor }) => recoloured(image, pixels => adjustHue(pixels, factor)),
  grayscale: image => recoloured(image, grayscale),
  'gaussian-blur': (image, { kernel, sigma }) =>
    recoloured(image, pixels => gaussianBlur(pixels, { kernel, sigma })),
  'stain-jitter': (image, { factors, shifts }) =>
    recoloured(image, pixels => stainJitter(pixels, { factors, shifts })),
  pipeline: (image, item) => {
    const parameters = {
      ...unchangedView(image.shape[0]),
      quarterTurns: item.quarterTurn ? 1 : 0,
      angleDegrees: item.angle ?? null,
      crop: cropOf(image, item),
      flipHorizontally: item.horizontalFlip,
      flipVertically: item.verticalFlip,
      jitter: item.jitter ?? null,
      grayscale: item.grayscale,
    } as const;
    return augment(image, parameters, item.fill, blank(image, item));
  },
};

function cropOf(image: Image, { crop }: Item) {
  return crop ?? { top: 0, left: 0, height: image.shape[0], width: image.shape[1] };
}

function imageAt({ data, shape: [, height, width, channels] }: Image, index: number): Image {
  const length = height * width * channels;
  return ndarray(data.slice(index * length, (index + 1) * length), [height, width, channels]);
}

/** A crop that is everything, at the same size: it changes nothing but by flips. */
function whole(image: Raster, flips?: Flips): Image {
  const { height, width } = image;
  return resizedCrop(
    image,
    { top: 0, left: 0, height, width },
    blankLike({ shape: [height, width, 3] }),
    flips,
  );
}

/** `imageAt` copies, so that steps may write in place. */
function recoloured(image: Image, step: (pixels: TonedPixels) => void): Image {
  const pixels = tonedPixels(image.data);
  step(pixels);
  writeSeen(pixels, asLevels, image.data);
  return image;
}

/** `size` is the side of a square; without it the image's own size is kept. */
function blank(image: Image, { size }: Item): Image {
  return blankLike(size === undefined ? image : { shape: [size, size, 3] });
}

function blankLike({ shape }: Pick<Image, 'shape'>): Image {
  return ndarray(new Uint8Array(sizeOf(shape)), shape);
}

function stacked(images: readonly Image[]): Image {
  const data = Uint8Array.from(Buffer.concat(images.map(image => image.data)));
  return ndarray(data, [images.length, ...images[0].shape]);
}
