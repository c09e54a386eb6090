// What an augmentation set of one's own is made of: operations with their parameters, in order. The paper's three sets have names alone;
// `learning/augmentations/augmentation-set.ts` has them as such lists.
import { z } from 'zod';

const probability = z.number().min(0).max(1);
const range = z.number().nonnegative();
const pair = (part: z.ZodNumber) =>
  z
    .tuple([part, part])
    .refine(([least, most]) => least <= most, { error: 'must begin with the smaller of its two numbers' });

export const Operation = z.discriminatedUnion('operation', [
  /** Counter-clockwise. */
  z.strictObject({ operation: z.literal('quarterTurn'), probability: probability.default(0.5) }),
  /** By up to so many degrees to either side; corners get the data set's border colour. */
  z.strictObject({ operation: z.literal('rotation'), degrees: z.number().min(0).max(180).default(45) }),
  /** Of an area from the smallest to the largest share, and an aspect ratio up to `aspect` to either side; resized to the whole. */
  z.strictObject({
    operation: z.literal('crop'),
    area: pair(z.number().positive().max(1)).default([0.2, 1]),
    aspect: z
      .number()
      .min(1)
      .default(4 / 3),
  }),
  z.strictObject({ operation: z.literal('horizontalFlip'), probability: probability.default(0.5) }),
  z.strictObject({ operation: z.literal('verticalFlip'), probability: probability.default(0.5) }),
  /** Amounts of haematoxylin, eosin and DAB times 1 ± `factor`, plus up to ± `shift`, each drawn by itself (Tellez et al., 2018). */
  z.strictObject({
    operation: z.literal('stainJitter'),
    probability: probability.default(1),
    factor: z.number().min(0).max(1).default(0.05),
    shift: range.default(0.05),
  }),
  /** Brightness, contrast and saturation times 1 ± so much, hue ± so many turns, in random order. */
  z.strictObject({
    operation: z.literal('colourJitter'),
    probability: probability.default(0.8),
    brightness: z.number().min(0).max(1).default(0.4),
    contrast: z.number().min(0).max(1).default(0.4),
    saturation: z.number().min(0).max(1).default(0.4),
    hue: z.number().min(0).max(0.5).default(0.1),
  }),
  z.strictObject({ operation: z.literal('greyscale'), probability: probability.default(0.2) }),
  /** A Gaussian of a width from the one to the other `sigma`, in pixels, on `kernel` × `kernel` of them. */
  z.strictObject({
    operation: z.literal('gaussianBlur'),
    probability: probability.default(0.5),
    kernel: z
      .number()
      .int()
      .min(3)
      .max(31)
      .refine(size => size % 2 === 1, { error: 'must be odd' })
      .default(3),
    sigma: pair(z.number().positive()).default([0.1, 2]),
  }),
]);
export type Operation = z.infer<typeof Operation>;

/** The order in which operations are applied, and stand in a set. */
export const operationOrder = Operation.options.map(option => option.shape.operation.value);

export const Operations = z
  .array(Operation)
  .min(1)
  .superRefine((all, { addIssue }) =>
    all.forEach(({ operation }, place) => {
      const before = all[place - 1];
      if (!before || operationOrder.indexOf(before.operation) < operationOrder.indexOf(operation)) return;
      const message = `must stand once, and in this order: ${operationOrder.join(', ')}`;
      addIssue({ code: 'custom', path: [place, 'operation'], message });
    }),
  );
