// A decoded picture as levels, by the range of its set.
import type { Picture } from './formats/picture.ts';
import { type LevelRange, nothingSeen, rangeOfSet, type SeenValues, see, toLevels } from './levels.ts';

/** The range of all values that a set's pictures hold; floats within 0 … 1 are shares of it. Undefined where there are none. */
export function rangeFor(seen: SeenValues, areFloats: boolean): LevelRange | undefined {
  if (seen.least > seen.most) return undefined;
  return areFloats && seen.least >= 0 && seen.most <= 1 ? { from: 0, to: 1 } : rangeOfSet(seen);
}

/** A picture's levels, RGB, by the set's range; `chosen` goes before a file's own window. */
export function levelsOf(picture: Picture, range: LevelRange | undefined, chosen: boolean): Uint8Array {
  const { samples, areLevels, channels, inverted = false } = picture;
  const used = areLevels
    ? { from: 0, to: 255 }
    : ((chosen ? range : (picture.window ?? range)) ?? rangeOfPicture(picture));
  const levels = areLevels && !inverted ? (samples as Uint8Array) : toLevels(samples, used, inverted);
  if (channels === 3) return levels;
  const thrice = new Uint8Array(levels.length * 3);
  for (let i = 0; i < levels.length; i++) thrice[3 * i] = thrice[3 * i + 1] = thrice[3 * i + 2] = levels[i];
  return thrice;
}

function rangeOfPicture({ samples }: Picture): LevelRange {
  const seen = nothingSeen();
  see(seen, samples);
  return rangeFor(seen, samples instanceof Float32Array) ?? { from: 0, to: 1 };
}
