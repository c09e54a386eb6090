// Reference check `image-resize`: to the small size of the data sets, and to what pretrained networks take.
import { z } from 'zod';
import { imagenetPicture, resizeBicubic } from '../../datasets/resize.ts';
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import type { Actual, Check } from './golden-case.ts';

const Bicubic = z.object({ filter: z.literal('bicubic'), size: z.tuple([z.number(), z.number()]) });
const Imagenet = z.object({
  filter: z.literal('bilinear'),
  resize: z.number(),
  crop: z.number(),
  mean: z.array(z.number()),
  standardDeviation: z.array(z.number()),
  every: z.number(),
});

export const imageResize: Check = ({ parameters, inputs }) => {
  const image = inputs.image as NdArray<Uint8Array>;
  const settings = z.discriminatedUnion('filter', [Bicubic, Imagenet]).parse(parameters);
  if (settings.filter === 'bicubic') return { resized: resizeBicubic(image, ...settings.size) };
  return imagenet(image, settings);
};

function imagenet(image: NdArray<Uint8Array>, settings: z.infer<typeof Imagenet>): Actual {
  const { resize, crop, mean, standardDeviation, every } = settings;
  const cropped = imagenetPicture(image, resize, crop);
  const shown = Math.ceil(crop / every);
  const normalised = Float32Array.from({ length: shown * shown * 3 }, (_, i) => {
    const [row, column, channel] = [Math.floor(i / (shown * 3)), Math.floor(i / 3) % shown, i % 3];
    const level = cropped.data[(row * crop + column) * every * 3 + channel];
    return (level / 255 - mean[channel]) / standardDeviation[channel];
  });
  return { cropped, normalised: ndarray(normalised, [shown, shown, 3]) };
}
