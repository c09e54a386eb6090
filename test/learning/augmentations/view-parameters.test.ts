// What is drawn for a view: what each set has, and what every draw must fulfil.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AugmentationSet } from '../../../learning/augmentations/augmentation-set.ts';
import { drawViewParameters, type ViewParameters } from '../../../learning/augmentations/view-parameters.ts';
import { Random } from '../../../numeric/random.ts';

const drawMany = (set: AugmentationSet, count = 500) =>
  Array.from({ length: count }, (_, i) => drawViewParameters(new Random(7).fork(i), set, 28));

describe('drawViewParameters', () => {
  it.each([
    ['default', { quarterTurns: false, flipVertically: false, angleDegrees: false }],
    ['rot90', { quarterTurns: true, flipVertically: true, angleDegrees: false }],
    ['randrot', { quarterTurns: true, flipVertically: true, angleDegrees: true }],
  ] as const)('%s has exactly its own steps', (set, expected) => {
    const views = drawMany(set);
    for (const [step, present] of Object.entries(expected)) {
      const occurs = views.some(view => Boolean(view[step as keyof ViewParameters]));
      expect({ step, occurs }).toEqual({ step, occurs: present });
    }
    for (const step of ['flipHorizontally', 'jitter', 'grayscale'] as const) {
      expect(views.some(view => view[step])).toBe(true);
      expect(views.every(view => view[step])).toBe(false);
    }
  });

  it('crops whole pixels within the image, of any size down to one pixel', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer(), (size, seed) => {
        const { top, left, height, width } = drawViewParameters(new Random(seed), 'default', size).crop;
        expect([top, left, height, width].every(Number.isInteger)).toBe(true);
        expect(Math.min(top, left, height - 1, width - 1)).toBeGreaterThanOrEqual(0);
        expect(Math.max(top + height, left + width)).toBeLessThanOrEqual(size);
      }),
      { seed: 1 },
    );
  });

  it('quarter turns and flips give the eight symmetries of the square equally often', () => {
    const counts = new Map<string, number>();
    for (const view of drawMany('rot90', 8000)) {
      const symmetry = `${view.quarterTurns}${view.flipHorizontally}${view.flipVertically}`;
      counts.set(symmetry, (counts.get(symmetry) ?? 0) + 1);
    }
    expect(counts.size).toBe(8);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150); // 5 standard errors
  });

  it('applies each colour step once', () => {
    for (const { jitter } of drawMany('default')) {
      if (jitter) expect(jitter.order.toSorted()).toEqual(['brightness', 'contrast', 'hue', 'saturation']);
    }
  });
});
