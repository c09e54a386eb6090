// What must hold for the single steps whatever the image: symmetries, identities, and closed forms.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
} from '../../../learning/augmentations/color-jitter.ts';
import { grayscale } from '../../../learning/augmentations/grayscale.ts';
import { adjustHue } from '../../../learning/augmentations/hue.ts';
import { quarterTurned, type Raster, rasterOf } from '../../../learning/augmentations/raster.ts';
import { type Flips, resizedCrop } from '../../../learning/augmentations/resized-crop.ts';
import { rotate } from '../../../learning/augmentations/rotation.ts';
import { type NdArray, ndarray, sizeOf } from '../../../numeric/arrays/array.ts';
import { recoloured } from './recoloured.ts';

type Image = NdArray<Uint8Array>;

const lengths = fc.integer({ min: 1, max: 12 });
const images = fc
  .tuple(lengths, lengths)
  .chain(([height, width]) =>
    fc
      .uint8Array({ minLength: height * width * 3, maxLength: height * width * 3 })
      .map(data => ndarray(data, [height, width, 3])),
  );
const squares = lengths.chain(size =>
  fc
    .uint8Array({ minLength: size * size * 3, maxLength: size * size * 3 })
    .map(data => ndarray(data, [size, size, 3])),
);

const blank = (...shape: number[]): Image => ndarray(new Uint8Array(sizeOf(shape)), shape);
/** A crop that is everything, at the same size. */
const whole = (raster: Raster, flips: Partial<Flips> = {}): Image => {
  const { height, width } = raster;
  const crop = { top: 0, left: 0, height, width };
  const noFlips = { flipHorizontally: false, flipVertically: false };
  return resizedCrop(raster, crop, blank(height, width, 3), { ...noFlips, ...flips });
};
const turned = (image: Image) => whole(quarterTurned(rasterOf(image)));
const flippedHorizontally = (image: Image) => whole(rasterOf(image), { flipHorizontally: true });
const flippedVertically = (image: Image) => whole(rasterOf(image), { flipVertically: true });
const forAll = (property: (image: Image) => void) => fc.assert(fc.property(images, property), { seed: 1 });

describe('flips and quarter turns', () => {
  it('undo themselves when done twice', () => {
    forAll(image => {
      expect(flippedHorizontally(flippedHorizontally(image))).toEqual(image);
      expect(flippedVertically(flippedVertically(image))).toEqual(image);
    });
  });

  it('four quarter turns are none, and two are both flips', () => {
    forAll(image => {
      const half = turned(turned(image));
      expect(turned(turned(half))).toEqual(image);
      expect(half).toEqual(flippedVertically(flippedHorizontally(image)));
    });
  });

  it('turn counter-clockwise: the right column becomes the top row', () => {
    const image = ndarray(Uint8Array.of(1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4), [2, 2, 3]);
    expect([...turned(image).data]).toEqual([2, 2, 2, 4, 4, 4, 1, 1, 1, 3, 3, 3]);
  });
});

describe('rotation', () => {
  it('by multiples of 90° is a quarter turn, of squares', () => {
    fc.assert(
      fc.property(squares, fc.integer({ min: -4, max: 4 }), (image, turns) => {
        let expected: Image = image;
        for (let i = 0; i < (turns + 4) % 4; i++) expected = turned(expected);
        expect(rotate(rasterOf(image), 90 * turns, [1, 2, 3], blank(...image.shape))).toEqual(expected);
      }),
      { seed: 1 },
    );
  });

  it('paints uncovered corners in the fill colour, cut to whole levels', () => {
    const white = ndarray(new Uint8Array(28 * 28 * 3).fill(255), [28, 28, 3]);
    const { data } = rotate(rasterOf(white), 45, [218.9, 100.5, 0.999], blank(28, 28, 3));
    expect([...data.subarray(0, 3)]).toEqual([218, 100, 0]);
    expect([...data.subarray(-3)]).toEqual([218, 100, 0]);
    const middle = (14 * 28 + 14) * 3;
    expect([...data.subarray(middle, middle + 3)]).toEqual([255, 255, 255]);
  });
});

describe('resized crop', () => {
  it('of the whole image at its own size changes nothing', () => {
    forAll(image => {
      const [height, width] = image.shape;
      expect(
        resizedCrop(rasterOf(image), { top: 0, left: 0, height, width }, blank(height, width, 3)),
      ).toEqual(image);
    });
  });

  it('cuts out exactly the rectangle where nothing is resized', () => {
    const image = ndarray(
      Uint8Array.from({ length: 5 * 7 * 3 }, (_, i) => i),
      [5, 7, 3],
    );
    const cut = resizedCrop(rasterOf(image), { top: 2, left: 3, height: 2, width: 1 }, blank(2, 1, 3));
    const start = (2 * 7 + 3) * 3;
    expect([...cut.data]).toEqual([start, start + 1, start + 2, start + 21, start + 22, start + 23]);
  });

  it('of a plain image is plain, at any size', () => {
    fc.assert(
      fc.property(
        lengths,
        lengths,
        lengths,
        lengths,
        fc.nat(255),
        (height, width, newHeight, newWidth, level) => {
          const plain = ndarray(new Uint8Array(height * width * 3).fill(level), [height, width, 3]);
          const { data } = resizedCrop(
            rasterOf(plain),
            { top: 0, left: 0, height, width },
            blank(newHeight, newWidth, 3),
          );
          expect(data.every(value => value === level)).toBe(true);
        },
      ),
      { seed: 1 },
    );
  });

  it('averages with a triangle twice as wide as the reduction', () => {
    const image = ndarray(Uint8Array.of(0, 0, 0, 80, 80, 80, 160, 160, 160, 240, 240, 240), [1, 4, 3]);
    const { data } = resizedCrop(rasterOf(image), { top: 0, left: 0, height: 1, width: 4 }, blank(1, 2, 3));
    // Weights 3 : 3 : 1 of the first three pixels, 1 : 3 : 3 of the last three.
    expect([data[0], data[3]]).toEqual([Math.round(400 / 7), Math.round((80 + 3 * 160 + 3 * 240) / 7)]);
  });
});

describe('colour steps', () => {
  it('change nothing with factor 1', () => {
    for (const adjust of [adjustBrightness, adjustContrast, adjustSaturation]) {
      forAll(image => {
        expect(recoloured(image, pixels => adjust(pixels, 1))).toEqual(image);
      });
    }
  });

  it('with factor 0 leave black, plain grey, and the grey image', () => {
    forAll(image => {
      const grey = recoloured(image, grayscale);
      const mean = grey.data.reduce((sum, level) => sum + level, 0) / grey.data.length;
      expect(recoloured(image, pixels => adjustBrightness(pixels, 0))).toEqual(blank(...image.shape));
      expect(
        recoloured(image, pixels => adjustContrast(pixels, 0)).data.every(x => x === Math.round(mean)),
      ).toBe(true);
      expect(recoloured(image, pixels => adjustSaturation(pixels, 0))).toEqual(grey);
    });
  });

  it('clip at white and black', () => {
    const pixel = ndarray(Uint8Array.of(200, 100, 0), [1, 1, 3]);
    const { data } = recoloured(pixel, pixels => adjustBrightness(pixels, 1.4));
    expect([...data]).toEqual([255, 140, 0]);
  });

  it('leave greys without a hue alone', () => {
    const greys = ndarray(
      Uint8Array.from({ length: 256 * 3 }, (_, i) => Math.floor(i / 3)),
      [16, 16, 3],
    );
    expect(recoloured(greys, pixels => adjustHue(pixels, 0.37))).toEqual(greys);
    expect(recoloured(greys, pixels => adjustSaturation(pixels, 1.3))).toEqual(greys);
  });

  it('turn pure colours round the wheel by thirds', () => {
    const pure = ndarray(Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255), [1, 3, 3]);
    const { data } = recoloured(pure, pixels => adjustHue(pixels, 1 / 3));
    expect([...data]).toEqual([0, 255, 0, 0, 0, 255, 255, 0, 0]);
  });

  it('grayscale twice is grayscale once', () => {
    forAll(image => {
      const once = recoloured(image, grayscale);
      expect(recoloured(once, grayscale)).toEqual(once);
    });
  });
});
