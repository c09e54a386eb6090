// What every decoder gives: one picture as it is stored, and what every one may say instead.
import type { LevelRange, Samples } from '../levels.ts';

/** One picture, upright, alpha dropped. */
export interface Picture {
  readonly height: number;
  readonly width: number;
  /** Grey or RGB, in rows, channels last. */
  readonly channels: 1 | 3;
  readonly samples: Samples;
  /** The samples are levels 0 … 255; else they become levels by the set's range. */
  readonly areLevels: boolean;
  /** The range that the file itself says it is to be seen with (DICOM's window). */
  readonly window?: LevelRange;
  /** Large values are dark (DICOM's MONOCHROME1, TIFF's WhiteIsZero). */
  readonly inverted?: boolean;
}

/** Which picture of a file, where it holds several: from 1; by default there must be one. */
export interface PictureChoice {
  readonly page?: number;
  readonly mostPixels?: number;
}

/** Why a file cannot be taken; what is counted together in messages. */
export const troubles = {
  broken: 'cannot be decoded: cut off, damaged, or no image in spite of the name',
  stack: 'hold several pictures: choose one with --page 1, or take each as an image with --page all',
  kind: 'are of a kind that is not read',
  channels: 'have a number of channels that is neither grey nor colour: save those to be seen as RGB',
  large: 'have more pixels than are decoded',
} as const;
export type Trouble = keyof typeof troubles;

/** A file that is not taken, and why; the message says what was found. */
export class NotTaken extends Error {
  override name = 'NotTaken';

  readonly trouble: Trouble;

  constructor(trouble: Trouble, found: string) {
    super(found);
    this.trouble = trouble;
  }
}

/** More pixels than this are not decoded (sharp's own limit): a small file may promise any number. */
export const mostPixels = 0x3fff ** 2;

/** @throws NotTaken where a picture would be too large, or has no size */
export function requireSize(width: number, height: number, most = mostPixels): void {
  if (!(width > 0 && height > 0)) throw new NotTaken('broken', `${width} × ${height} pixels`);
  if (width * height > most) throw new NotTaken('large', `${width} × ${height} pixels, more than ${most}`);
}
