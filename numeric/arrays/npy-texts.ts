// Texts as NumPy has them: arrays of type `<U`, each text padded to the longest.
import { encodeNpyHeader } from './npy.ts';

/** A `.npy` file of texts `[n]`. Source: numpy/lib/format.py; elements are code points of four bytes, padded with zeros. */
export function encodeNpyTexts(texts: readonly string[]): Uint8Array {
  const points = texts.map(text => Array.from(text, letter => letter.codePointAt(0)!));
  const longest = points.reduce((most, { length }) => Math.max(most, length), 1);
  const header = encodeNpyHeader(`<U${longest}`, [texts.length]);
  const bytes = new Uint8Array(header.length + 4 * longest * texts.length);
  bytes.set(header);
  const view = new DataView(bytes.buffer, header.length);
  for (const [row, letters] of points.entries()) {
    for (const [place, point] of letters.entries()) view.setUint32(4 * (row * longest + place), point, true);
  }
  return bytes;
}
