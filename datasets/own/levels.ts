// Numbers of more than 8 bits as levels 0 … 255: one range for a whole set, so that its images stay comparable.
import type { NdArray } from '../../numeric/arrays/array.ts';

/** What becomes level 0, and what level 255; between them levels are proportional, beyond them they are cut off. */
export interface LevelRange {
  readonly from: number;
  readonly to: number;
}

/** Pixels as they are stored. */
export type Samples = NdArray['data'] | Uint16Array | Int16Array;

/** Which values a set holds, found by looking at all of them. */
export interface SeenValues {
  least: number;
  most: number;
}

/** Takes values into account; those that are no numbers are counted, not taken. */
export function see(seen: SeenValues, values: Samples): number {
  let strange = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) strange++;
    else {
      if (value < seen.least) seen.least = value;
      if (value > seen.most) seen.most = value;
    }
  }
  return strange;
}

export function nothingSeen(): SeenValues {
  return { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY };
}

/** Values as levels; `inverted`: the range's end is dark (DICOM's MONOCHROME1). */
export function toLevels(values: Samples, { from, to }: LevelRange, inverted = false): Uint8Array {
  const levels = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const level = Math.min(255, Math.max(0, Math.round(((values[i] - from) * 255) / (to - from))));
    levels[i] = inverted ? 255 - level : level;
  }
  return levels;
}

/** The range of whole numbers from 0, or from the least where there are negative ones, to the most that the set holds. */
export function rangeOfSet({ least, most }: SeenValues): LevelRange {
  const from = Math.min(0, least);
  return { from, to: most > from ? most : from + 1 };
}

/** `0 … 4095`. */
export function rangeText({ from, to }: LevelRange): string {
  const short = (value: number) => String(Number(value.toPrecision(6))).replace('-', '−');
  return `${short(from)} … ${short(to)}`;
}
