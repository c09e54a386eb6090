// Claims about sets of augmentations as data: the paper's, written out in a file, give the views that their names give; others draw what they say.
import { expect, it } from 'vitest';
import { Operations } from '../../../experiments/augmentation-operations.ts';
import { augment } from '../../../learning/augmentations/augment.ts';
import { type AugmentationSet, augmentationSets } from '../../../learning/augmentations/augmentation-set.ts';
import { drawViewParameters, unchangedView } from '../../../learning/augmentations/view-parameters.ts';
import { ndarray } from '../../../numeric/arrays/array.ts';
import { Random } from '../../../numeric/random.ts';

const draw = (set: AugmentationSet, count = 400) => {
  const random = new Random(3);
  return Array.from({ length: count }, (_, i) => drawViewParameters(random.fork(i), set, 28));
};

it.each(Object.entries(augmentationSets))(
  '%s as a list of operations draws the same views',
  (name, operations) => {
    const read = Operations.parse(JSON.parse(JSON.stringify(operations)));
    expect(draw(read)).toEqual(draw(name as keyof typeof augmentationSets));
  },
);

it.each(Object.entries(augmentationSets))(
  'what need not be said of %s is as in the paper',
  (_, operations) => {
    expect(Operations.parse(operations.map(({ operation }) => ({ operation })))).toEqual(operations);
  },
);

it('operations that the paper has not are drawn within what they say', () => {
  const set = Operations.parse([
    { operation: 'stainJitter', factor: 0.2, shift: 0.1 },
    { operation: 'gaussianBlur', probability: 0.5, kernel: 5, sigma: [0.5, 1.5] },
  ]);
  const views = draw(set);
  const factors = views.flatMap(({ stains }) => stains!.factors);
  expect([Math.min(...factors), Math.max(...factors)].map(factor => factor.toFixed(1))).toEqual([
    '0.8',
    '1.2',
  ]);
  const blurred = views.flatMap(({ blur }) => blur ?? []);
  expect(Math.abs(blurred.length / views.length - 0.5)).toBeLessThan(0.1); // 4 standard errors
  expect(blurred.every(({ sigma }) => sigma >= 0.5 && sigma < 1.5)).toBe(true);
  expect(views.every(({ crop }) => crop.height === 28)).toBe(true); // no crop where none is said
});

it('a blur of a plain picture, and stains that stay, change nothing', () => {
  const image = ndarray(
    new Uint8Array(28 * 28 * 3).map((_, i) => [180, 120, 160][i % 3]),
    [28, 28, 3],
  );
  const target = ndarray(new Uint8Array(image.data.length), image.shape);
  const parameters = { ...unchangedView(28), blur: { kernel: 27, sigma: 3 } };
  expect(augment(image, parameters, [0, 0, 0], target).data).toEqual(image.data);
});

it('operations stand once each, in the order in which they are applied', () => {
  const order = (...names: string[]) => Operations.safeParse(names.map(operation => ({ operation }))).success;
  expect(order('crop', 'horizontalFlip', 'gaussianBlur')).toBe(true);
  expect(order('horizontalFlip', 'crop')).toBe(false);
  expect(order('crop', 'crop')).toBe(false);
});
