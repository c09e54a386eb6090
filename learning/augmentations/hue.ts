// Turning the hue, by way of Pillow's HSV pictures, which hold 256 hues and 256 saturations (`Convert.c`).
import { resetCurve, type TonedPixels } from './toned-pixels.ts';

/**
 * Turns the hue by `factor` turns, −0.5 … 0.5. As in Pillow, colours pass through HSV with 8 bits a channel and come back slightly
 * changed, even for factor 0. Source: torchvision's `adjust_hue`; Pillow's `rgb2hsv_row` and `hsv2rgb`. Quotients of levels are looked
 * up, and branches, which would be taken at random, there are none but for greys.
 */
export function adjustHue(pixels: TonedPixels, factor: number): void {
  const { levels, curve } = pixels;
  const shift = Math.trunc(factor * 255) & 255;
  for (let i = 0; i < levels.length; i += 3) {
    const red = curve[levels[i]];
    const green = curve[levels[i + 1]];
    const blue = curve[levels[i + 2]];
    const greenOverRed = positive(green - red);
    const value = blue + positive(red + greenOverRed - blue); // the highest of the three
    const low = blue - positive(blue - green + greenOverRed);
    const range = value - low;
    if (range === 0) {
      levels[i] = levels[i + 1] = levels[i + 2] = value; // greys have no hue
      continue;
    }
    const belowValue = low + 2 * value - red - green - blue; // how far the middle one is
    const order = ((red - green) >>> 31) | (((green - blue) >>> 31) << 1) | (((red - blue) >>> 31) << 2);
    const hue = hues[(order << 16) | (range << 8) | belowValue];
    const share = (value << 8) | range;
    const turned = (hue + shift) & 255;
    const sector = sectorOfHue[turned];
    levels[i + highest[sector]] = value;
    levels[i + middle[sector]] = value * (1 - singleFractions[saturations[share]] * middleFall[turned]) + 0.5;
    levels[i + lowest[sector]] = lows[share];
  }
  resetCurve(pixels);
}

/** The greater of x and 0. */
function positive(x: number): number {
  return x & ~(x >> 31);
}

// The colour wheel has six sectors, from red over yellow, green, cyan, blue and magenta to red. In each, one channel
// (0 red, 1 green, 2 blue) is the highest, one the middle and one the lowest:
const highest = Uint8Array.of(0, 1, 1, 2, 2, 0);
const middle = Uint8Array.of(1, 0, 2, 1, 0, 2);
const lowest = Uint8Array.of(2, 2, 0, 0, 1, 1);
// The place of the highest channel's pure colour on the wheel, in sixths, and on which side of it the sector lies.
const primary = [0, 2, 2, 4, 4, 0];
const side = [1, -1, 1, -1, 1, -1];
// By the bits red < green, green < blue, red < blue; two combinations cannot occur.
const sectorOfOrder = [0, 1, 5, undefined, undefined, 2, 4, 3];

const byLevel = Array.from({ length: 256 }, (_, level) => level);
const singleFractions = Float64Array.from(byLevel, level => Math.fround(level / 255));
const sectorOfHue = Uint8Array.from(byLevel, hue => Math.floor((hue * 6) / 255) % 6); // 255 is red again
/** By hue: how far the middle channel is below the highest, as a share of the range. */
const middleFall = Float64Array.from(byLevel, hue => {
  const sixths = (hue * 6) / 255;
  const fraction = Math.fround(sixths - Math.floor(sixths));
  return Math.floor(sixths) % 2 === 1 ? fraction : 1 - fraction;
});

/** By order · 65,536 + range · 256 + how far the middle channel is below the highest. */
const hues = new Uint8Array(8 * 65_536);
/** By highest level · 256 + range: the saturation, and the lowest level that is left of it. */
const saturations = new Uint8Array(65_536);
const lows = new Uint8Array(65_536);

for (let range = 1; range < 256; range++) {
  for (const [order, sector] of sectorOfOrder.entries()) {
    if (sector === undefined) continue;
    const start = order * 65_536 + range * 256;
    for (let below = 0; below <= range; below++) hues[start + below] = hueOf(sector, below / range);
  }
  for (let value = range; value < 256; value++) {
    const saturation = (range / value) * 255;
    saturations[value * 256 + range] = saturation;
    lows[value * 256 + range] = value * (1 - singleFractions[Math.trunc(saturation)]) + 0.5;
  }
}

/** Pillow's hue, 0 … 255, in the single precision that decides about a level. */
function hueOf(sector: number, middleBelowHighest: number): number {
  const sixths = Math.fround(primary[sector] + side[sector] * (1 - Math.fround(middleBelowHighest)));
  const turns = sixths / 6 + 1;
  return Math.fround(turns - Math.floor(turns)) * 255;
}
