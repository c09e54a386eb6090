// Reference checks of images: the colour of their borders, and resizing, to the small size of the data sets and to what pretrained
// networks take.
import { z } from 'zod';
import { borderColour, fillColour } from '../../datasets/border-colour.ts';
import { imagenetPicture, resizeBicubic } from '../../datasets/resize.ts';
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import type { Actual, Check } from './golden-case.ts';
import { checkWith } from './inputs.ts';

const Bicubic = z.object({ filter: z.literal('bicubic'), size: z.tuple([z.number(), z.number()]) });
const Imagenet = z.object({
  filter: z.literal('bilinear'),
  resize: z.number(),
  crop: z.number(),
  mean: z.array(z.number()),
  standardDeviation: z.array(z.number()),
  every: z.number(),
});

export const imageChecks = {
  'border-colour': ({ inputs }) => {
    const colour = borderColour(inputs.images as NdArray<Uint8Array>);
    return { colour, fill: fillColour(colour) };
  },
  'image-resize': checkWith(
    z.discriminatedUnion('filter', [Bicubic, Imagenet]),
    (settings, inputs): Actual => {
      const image = inputs.image as NdArray<Uint8Array>;
      if (settings.filter === 'bicubic') return { resized: resizeBicubic(image, ...settings.size) };
      const cropped = imagenetPicture(image, settings.resize, settings.crop);
      return { cropped, normalised: normalised(cropped, settings) };
    },
  ),
} satisfies Record<string, Check>;

/** Every so-manieth pixel in both directions. */
function normalised(
  { data, shape: [side] }: NdArray<Uint8Array>,
  { mean, standardDeviation, every }: z.infer<typeof Imagenet>,
): NdArray<Float32Array> {
  const shown = Math.ceil(side / every);
  const values = Float32Array.from({ length: shown * shown * 3 }, (_, i) => {
    const [row, column, channel] = [Math.floor(i / (shown * 3)), Math.floor(i / 3) % shown, i % 3];
    const level = data[(row * side + column) * every * 3 + channel];
    return (level / 255 - mean[channel]) / standardDeviation[channel];
  });
  return ndarray(values, [shown, shown, 3]);
}
