// The fast steps make what their plain forms make, to the level.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { augment } from '../../../learning/augmentations/augment.ts';
import {
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
} from '../../../learning/augmentations/color-jitter.ts';
import { grayscale } from '../../../learning/augmentations/grayscale.ts';
import { adjustHue } from '../../../learning/augmentations/hue.ts';
import { quarterTurned, rasterOf } from '../../../learning/augmentations/raster.ts';
import { resizedCrop } from '../../../learning/augmentations/resized-crop.ts';
import { drawViewParameters } from '../../../learning/augmentations/view-parameters.ts';
import { ndarray } from '../../../numeric/arrays/array.ts';
import { Random } from '../../../numeric/random.ts';
import * as plain from './plain-steps.ts';
import { recoloured } from './recoloured.ts';

/** Every level that an RGB image can have, in `count` pixels of noise, some of them grey. */
function noise(height: number, width: number, seed: number): plain.Image {
  const random = new Random(seed);
  const data = Uint8Array.from({ length: height * width * 3 }, () => random.integer(256));
  for (let grey = 0; grey < data.length; grey += 21) data.fill(data[grey], grey, grey + 3);
  return ndarray(data, [height, width, 3]);
}

const blank = (height: number, width: number) =>
  ndarray(new Uint8Array(height * width * 3), [height, width, 3]);

describe('crops', () => {
  it('enlarged or reduced, turned and mirrored', () => {
    const length = fc.integer({ min: 1, max: 40 });
    const property = fc.property(
      length,
      length,
      length,
      length,
      fc.nat(7),
      (height, width, newHeight, newWidth, which) => {
        const image = noise(height, width, which);
        const seen = which & 1 ? plain.turned(image) : image;
        const [seenHeight, seenWidth] = seen.shape;
        const [top, left] = [seenHeight >> 2, seenWidth >> 1];
        const crop = { top, left, height: seenHeight - top, width: seenWidth - left };
        const flips = { flipHorizontally: (which & 2) > 0, flipVertically: (which & 4) > 0 };
        let expected = plain.cropped(seen, crop, [newHeight, newWidth]);
        if (flips.flipHorizontally) expected = plain.flippedHorizontally(expected);
        if (flips.flipVertically) expected = plain.flippedVertically(expected);
        const raster = which & 1 ? quarterTurned(rasterOf(image)) : rasterOf(image);
        expect(resizedCrop(raster, crop, blank(newHeight, newWidth), flips)).toEqual(expected);
      },
    );
    fc.assert(property, { seed: 1, numRuns: 300 });
  });
});

describe('colour steps', () => {
  it.each([
    ['brightness', adjustBrightness],
    ['contrast', adjustContrast],
    ['saturation', adjustSaturation],
    ['hue', adjustHue],
  ] as const)('%s, also behind a tone curve', (step, adjust) => {
    for (let i = 0; i <= 20; i++) {
      const factor = step === 'hue' ? i / 20 - 0.5 : i / 8;
      const image = noise(40, 40, i);
      const darker = plain.plainColours.brightness(image, 0.7);
      expect(recoloured(image, pixels => adjust(pixels, factor))).toEqual(
        plain.plainColours[step](image, factor),
      );
      expect(
        recoloured(
          image,
          pixels => adjustBrightness(pixels, 0.7),
          pixels => adjust(pixels, factor),
        ),
      ).toEqual(plain.plainColours[step](darker, factor));
    }
  });

  it('hue, of every range and highest level, in every sector', () => {
    const pixels: number[] = [];
    for (let value = 0; value < 256; value++) {
      for (let low = 0; low <= value; low++) {
        const middle = low + (((value * 7 + low * 13) % 256) * (value - low)) / 255;
        const levels = [value, Math.round(middle), low];
        for (const order of [
          [0, 1, 2],
          [1, 0, 2],
          [2, 0, 1],
          [2, 1, 0],
          [1, 2, 0],
          [0, 2, 1],
        ]) {
          pixels.push(...order.map(place => levels[place]));
        }
      }
    }
    const image = ndarray(Uint8Array.from(pixels), [1, pixels.length / 3, 3]);
    for (const factor of [-0.1, 0.37]) {
      expect(recoloured(image, all => adjustHue(all, factor))).toEqual(plain.plainColours.hue(image, factor));
    }
  });

  it('grayscale behind a tone curve', () => {
    const image = noise(9, 7, 1);
    expect(recoloured(image, pixels => adjustBrightness(pixels, 1.3), grayscale)).toEqual(
      plain.grey3(plain.plainColours.brightness(image, 1.3)),
    );
  });
});

it('whole views', () => {
  for (let i = 0; i < 200; i++) {
    const size = [28, 28, 9, 33][i % 4];
    const image = noise(size, size, i);
    const parameters = drawViewParameters(new Random(i), 'rot90', size);
    expect(augment(image, parameters, [0, 0, 0], blank(size, size))).toEqual(
      plain.plainView(image, parameters),
    );
  }
});
