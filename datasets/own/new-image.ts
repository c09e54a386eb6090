// A new image of the user's: decoded within limits, as levels that a set's images have.
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { NotTaken, type PictureChoice, troubles } from './formats/picture.ts';
import { readPicture } from './formats/read-picture.ts';
import type { LevelRange } from './levels.ts';
import { InvalidOwnImages } from './own-images.ts';
import { levelsOf } from './picture-levels.ts';

/**
 * Decodes an image's bytes, `[height, width, 3]`; `name` is for messages, `range` what the set's images of more than 8 bits go by.
 * @throws InvalidOwnImages where it cannot be taken
 */
export async function newImage(
  bytes: Uint8Array,
  name: string,
  { range, ...choice }: PictureChoice & { range?: LevelRange } = {},
): Promise<NdArray<Uint8Array>> {
  try {
    const picture = await readPicture(bytes, choice);
    return ndarray(levelsOf(picture, range, false), [picture.height, picture.width, 3]);
  } catch (error) {
    if (!(error instanceof NotTaken)) throw error;
    throw new InvalidOwnImages(name, `${error.message} (files that ${troubles[error.trouble]})`, error);
  }
}
