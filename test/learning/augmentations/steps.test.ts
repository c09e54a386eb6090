// What must hold for the single steps whatever the image: symmetries, identities, and closed forms.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
} from '../../../learning/augmentations/color-jitter.ts';
import { flipHorizontally, flipVertically } from '../../../learning/augmentations/flip.ts';
import { grayscale } from '../../../learning/augmentations/grayscale.ts';
import { adjustHue } from '../../../learning/augmentations/hue.ts';
import { quarterTurn } from '../../../learning/augmentations/quarter-turn.ts';
import { resizedCrop } from '../../../learning/augmentations/resized-crop.ts';
import { rotate } from '../../../learning/augmentations/rotation.ts';
import { type NdArray, ndarray, sizeOf } from '../../../numeric/array.ts';

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
const turned = (image: Image) => quarterTurn(image, blank(image.shape[1], image.shape[0], 3));
const changed = (image: Image, step: (image: Image) => void): Image => {
  const copy = ndarray(image.data.slice(), image.shape);
  step(copy);
  return copy;
};
const forAll = (property: (image: Image) => void) => fc.assert(fc.property(images, property), { seed: 1 });

describe('flips and quarter turns', () => {
  it('undo themselves when done twice', () => {
    forAll(image => {
      expect(changed(changed(image, flipHorizontally), flipHorizontally)).toEqual(image);
      expect(changed(changed(image, flipVertically), flipVertically)).toEqual(image);
    });
  });

  it('four quarter turns are none, and two are both flips', () => {
    forAll(image => {
      const half = turned(turned(image));
      expect(turned(turned(half))).toEqual(image);
      expect(half).toEqual(changed(changed(image, flipHorizontally), flipVertically));
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
        expect(rotate(image, 90 * turns, [1, 2, 3], blank(...image.shape))).toEqual(expected);
      }),
      { seed: 1 },
    );
  });

  it('paints uncovered corners in the fill colour, cut to whole levels', () => {
    const white = ndarray(new Uint8Array(28 * 28 * 3).fill(255), [28, 28, 3]);
    const { data } = rotate(white, 45, [218.9, 100.5, 0.999], blank(28, 28, 3));
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
      expect(resizedCrop(image, { top: 0, left: 0, height, width }, blank(height, width, 3))).toEqual(image);
    });
  });

  it('cuts out exactly the rectangle where nothing is resized', () => {
    const image = ndarray(
      Uint8Array.from({ length: 5 * 7 * 3 }, (_, i) => i),
      [5, 7, 3],
    );
    const cut = resizedCrop(image, { top: 2, left: 3, height: 2, width: 1 }, blank(2, 1, 3));
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
            plain,
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
    const { data } = resizedCrop(image, { top: 0, left: 0, height: 1, width: 4 }, blank(1, 2, 3));
    // Weights 3 : 3 : 1 of the first three pixels, 1 : 3 : 3 of the last three.
    expect([data[0], data[3]]).toEqual([Math.round(400 / 7), Math.round((80 + 3 * 160 + 3 * 240) / 7)]);
  });
});

describe('colour steps', () => {
  it('change nothing with factor 1', () => {
    for (const adjust of [adjustBrightness, adjustContrast, adjustSaturation]) {
      forAll(image => {
        expect(changed(image, ({ data }) => adjust(data, 1))).toEqual(image);
      });
    }
  });

  it('with factor 0 leave black, plain grey, and the grey image', () => {
    forAll(image => {
      const grey = changed(image, ({ data }) => grayscale(data));
      const mean = grey.data.reduce((sum, level) => sum + level, 0) / grey.data.length;
      expect(changed(image, ({ data }) => adjustBrightness(data, 0))).toEqual(blank(...image.shape));
      expect(
        changed(image, ({ data }) => adjustContrast(data, 0)).data.every(x => x === Math.round(mean)),
      ).toBe(true);
      expect(changed(image, ({ data }) => adjustSaturation(data, 0))).toEqual(grey);
    });
  });

  it('clip at white and black', () => {
    const pixels = Uint8Array.of(200, 100, 0);
    adjustBrightness(pixels, 1.4);
    expect([...pixels]).toEqual([255, 140, 0]);
  });

  it('leave greys without a hue alone', () => {
    const greys = Uint8Array.from({ length: 256 * 3 }, (_, i) => Math.floor(i / 3));
    const same = greys.slice();
    adjustHue(same, 0.37);
    adjustSaturation(same, 1.3);
    expect(same).toEqual(greys);
  });

  it('turn pure colours round the wheel by thirds', () => {
    const pixels = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255);
    adjustHue(pixels, 1 / 3);
    expect([...pixels]).toEqual([0, 255, 0, 0, 0, 255, 255, 0, 0]);
  });

  it('grayscale twice is grayscale once', () => {
    forAll(image => {
      const once = changed(image, ({ data }) => grayscale(data));
      expect(changed(once, ({ data }) => grayscale(data))).toEqual(once);
    });
  });
});
