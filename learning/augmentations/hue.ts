// Turning the hue, by way of Pillow's HSV pictures, which hold 256 hues and 256 saturations (`Convert.c`).

/**
 * Turns the hue of `pixels` (RGB, RGB, …) by `factor` turns, −0.5 … 0.5, in place. As in Pillow, colours pass through
 * HSV with 8 bits a channel and come back slightly changed, even for factor 0.
 * Source: torchvision's `adjust_hue`; Pillow's `rgb2hsv_row` and `hsv2rgb`. Branches would be taken at random, so there
 * are none but for greys; Pillow's single precision (`fround`) is kept where it decides about a level.
 */
export function adjustHue(pixels: Uint8Array, factor: number): void {
  const shift = Math.trunc(factor * 255) & 255;
  for (let i = 0; i < pixels.length; i += 3) {
    const red = pixels[i];
    const green = pixels[i + 1];
    const blue = pixels[i + 2];
    const sector =
      sectorOfOrder[((red - green) >>> 31) | (((green - blue) >>> 31) << 1) | (((red - blue) >>> 31) << 2)];
    const value = pixels[i + highest[sector]];
    const range = value - pixels[i + lowest[sector]];
    if (range === 0) continue; // greys have no hue
    const fromHighest = Math.fround((value - pixels[i + middle[sector]]) / range);
    const turns = Math.fround(primary[sector] + side[sector] * (1 - fromHighest)) / 6 + 1;
    const hue = (Math.fround(turns - Math.floor(turns)) * 255) | 0;
    const saturation = singleFractions[((range / value) * 255) | 0];

    const turned = (hue + shift) & 255;
    const newSector = sectorOfHue[turned];
    pixels[i + highest[newSector]] = value;
    pixels[i + middle[newSector]] = value * (1 - saturation * middleFall[turned]) + 0.5;
    pixels[i + lowest[newSector]] = value * (1 - saturation) + 0.5;
  }
}

// The colour wheel has six sectors, from red over yellow, green, cyan, blue and magenta to red. In each, one channel
// (0 red, 1 green, 2 blue) is the highest, one the middle and one the lowest:
const highest = Uint8Array.of(0, 1, 1, 2, 2, 0);
const middle = Uint8Array.of(1, 0, 2, 1, 0, 2);
const lowest = Uint8Array.of(2, 2, 0, 0, 1, 1);
// The place of the highest channel's pure colour on the wheel, in sixths, and on which side of it the sector lies.
const primary = Int8Array.of(0, 2, 2, 4, 4, 0);
const side = Int8Array.of(1, -1, 1, -1, 1, -1);
// By the bits red < green, green < blue, red < blue; two combinations cannot occur.
const sectorOfOrder = Uint8Array.of(0, 1, 5, 0, 0, 2, 4, 3);

const levels = Array.from({ length: 256 }, (_, level) => level);
const singleFractions = Float64Array.from(levels, level => Math.fround(level / 255));
const sectorOfHue = Uint8Array.from(levels, hue => Math.floor((hue * 6) / 255) % 6); // 255 is red again
/** By hue: how far the middle channel is below the highest, as a share of the range. */
const middleFall = Float64Array.from(levels, hue => {
  const sixths = (hue * 6) / 255;
  const fraction = Math.fround(sixths - Math.floor(sixths));
  return Math.floor(sixths) % 2 === 1 ? fraction : 1 - fraction;
});
