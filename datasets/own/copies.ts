// Which images are copies of each other, also turned by quarters or mirrored: augmented copies on both sides of a split inflate a score.
import type { NdArray } from '../../numeric/arrays/array.ts';

/**
 * A number that an image `[height, width, 3]` shares with its copies, turned by quarters and mirrored ones, to the level: of the places
 * that these bring to each other it takes the pixels in no order. (Equal by chance: one in 2⁵³.)
 */
export function shapeless({ data, shape: [height, width] }: NdArray<Uint8Array>): number {
  const isSquare = height === width;
  const [rows, across] = height > width ? [width, height] : [height, width]; // a turn makes one of the other
  const at = (row: number, column: number) =>
    pixel(data, height > width ? column * width + row : row * width + column);
  let [low, high] = [rows, across];
  for (let row = 0; row < (rows + 1) >> 1; row++) {
    const end = isSquare ? row + 1 : (across + 1) >> 1;
    for (let column = 0; column < end; column++) {
      const [r, c] = [rows - 1 - row, across - 1 - column];
      let sum = at(row, column) + at(row, c) + at(r, column) + at(r, c);
      if (isSquare) sum += at(column, row) + at(c, row) + at(column, r) + at(c, r);
      low = mixed(low ^ sum);
      high = mixed((high + sum) | 0);
    }
  }
  return (low >>> 0) * 2 ** 21 + (high >>> 11);
}

function pixel(data: Uint8Array, place: number): number {
  return mixed(data[3 * place] | (data[3 * place + 1] << 8) | (data[3 * place + 2] << 16)) >> 3; // eight of them make no overflow
}

/** The end of MurmurHash3: every bit moves every other. */
function mixed(bits: number): number {
  let hash = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** The images that have a copy among others, by `shapeless` numbers; and of `tested` ones, those that have it among `learned`. */
export function countCopies(
  numbers: ArrayLike<number>,
  {
    trainIndices: learned,
    testIndices: tested,
  }: { trainIndices: ArrayLike<number>; testIndices: ArrayLike<number> },
): { copies: number; across: number } {
  const times = new Map<number, number>();
  for (const number of Array.from(numbers)) times.set(number, (times.get(number) ?? 0) + 1);
  const known = new Set(Array.from(learned, i => numbers[i]));
  return {
    copies: Array.from(numbers).filter(number => times.get(number)! > 1).length,
    across: Array.from(tested).filter(i => known.has(numbers[i])).length,
  };
}
