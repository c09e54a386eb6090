// Other amounts of the stains haematoxylin, eosin and DAB: colours are taken apart into stains and put together again as scikit-image does
// (`rgb2hed`, `hed2rgb`; Ruifrok & Johnston, 2001), and the amounts change in between (Tellez et al., 2018, "HED jitter").
import { resetCurve, type TonedPixels } from './toned-pixels.ts';

type Triple = readonly [number, number, number];

/** Each stain's amount is multiplied by its factor, then its shift is added. */
export interface Stains {
  readonly factors: Triple;
  readonly shifts: Triple;
}

/** What a stain absorbs of red, green and blue, a row a stain (scikit-image, `rgb_from_hed`). */
const rgbFromHed: readonly Triple[] = [
  [0.65, 0.7, 0.29],
  [0.07, 0.99, 0.11],
  [0.27, 0.57, 0.78],
];
const hedFromRgb = inverse(rgbFromHed);
const darkest = 1e-6; // scikit-image: no logarithm of nothing
const absorbed = Float64Array.from(
  { length: 256 },
  (_, level) => Math.log(Math.max(level / 255, darkest)) / Math.log(darkest),
);

/** Changes the stains of pixels, in their place. */
export function stainJitter(pixels: TonedPixels, { factors, shifts }: Stains): void {
  const { levels, curve } = pixels;
  for (let i = 0; i < levels.length; i += 3) {
    const red = absorbed[curve[levels[i]]];
    const green = absorbed[curve[levels[i + 1]]];
    const blue = absorbed[curve[levels[i + 2]]];
    let [ofRed, ofGreen, ofBlue] = [0, 0, 0];
    for (let stain = 0; stain < 3; stain++) {
      const there = red * hedFromRgb[0][stain] + green * hedFromRgb[1][stain] + blue * hedFromRgb[2][stain];
      const amount = Math.max(there, 0) * factors[stain] + shifts[stain];
      ofRed += amount * rgbFromHed[stain][0];
      ofGreen += amount * rgbFromHed[stain][1];
      ofBlue += amount * rgbFromHed[stain][2];
    }
    levels[i] = levelOf(ofRed);
    levels[i + 1] = levelOf(ofGreen);
    levels[i + 2] = levelOf(ofBlue);
  }
  resetCurve(pixels);
}

/** The level that is left of white; rounded, as scikit-image's `img_as_ubyte` rounds. */
function levelOf(amount: number): number {
  return Math.round(255 * Math.min(1, Math.exp(amount * Math.log(darkest))));
}

/** Of a matrix of three rows, by its adjugate. */
function inverse([a, b, c]: readonly Triple[]): Triple[] {
  const cross = (u: Triple, v: Triple): Triple => [
    u[1] * v[2] - u[2] * v[1],
    u[2] * v[0] - u[0] * v[2],
    u[0] * v[1] - u[1] * v[0],
  ];
  const columns = [cross(b, c), cross(c, a), cross(a, b)];
  const determinant = a[0] * columns[0][0] + a[1] * columns[0][1] + a[2] * columns[0][2];
  return [0, 1, 2].map(row => columns.map(column => column[row] / determinant) as unknown as Triple);
}
