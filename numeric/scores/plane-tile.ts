// The distances of 512 points of the plane to 512 others, two at a time in a processor's vector (plane-tile.wat).
import { readFile } from 'node:fs/promises';

/** Points on a side of a tile: those of both sides, with their sums, fit the first-level cache. */
export const tileSize = 512;

type AddFourRows = (rows: number, columns: number) => void;

/** A tile in the memory of the kernel, which each thread has for itself. */
export class PlaneTile {
  readonly #addFourRows: AddFourRows;
  /** `[512]` each, in the order of plane-tile.wat. */
  readonly #rows: [x: Float64Array, y: Float64Array, sums: Float64Array];
  readonly #columns: [x: Float64Array, y: Float64Array, sums: Float64Array];

  /** What a tile is made with, as the build assembled it; threads can be handed it. */
  static async kernel(): Promise<WebAssembly.Module> {
    return WebAssembly.compile(await readFile(new URL('../../dist/plane-tile.wasm', import.meta.url)));
  }

  constructor(kernel: WebAssembly.Module) {
    const { memory, addFourRows } = new WebAssembly.Instance(kernel).exports;
    const part = (index: number) =>
      new Float64Array((memory as WebAssembly.Memory).buffer, index * tileSize * 8, tileSize);
    this.#addFourRows = addFourRows as AddFourRows;
    this.#rows = [part(0), part(1), part(4)];
    this.#columns = [part(2), part(3), part(5)];
  }

  /**
   * Adds the distances of the points from … to − 1 to the points begin … end − 1 (512 of each at most): to `rowSums` of the
   * former, to `columnSums` of the latter, one by one in the order of the points, to the bits that plain sums give.
   * Does a multiple of four of the former, and returns how many.
   * @param columns `[2, n]`: x and y
   */
  add(
    [x, y]: readonly Float64Array[],
    from: number,
    to: number,
    begin: number,
    end: number,
    rowSums: Float64Array,
    columnSums: Float64Array,
  ): number {
    const count = (to - from) & ~3;
    if (count === 0 || begin >= end) return 0;
    [x, y, rowSums].forEach((values, part) => {
      this.#rows[part].set(values.subarray(from, from + count));
    });
    [x, y, columnSums].forEach((values, part) => {
      this.#columns[part].set(values.subarray(begin, end));
    });
    this.#addFourRows(count, end - begin);
    rowSums.set(this.#rows[2].subarray(0, count), from);
    columnSums.set(this.#columns[2].subarray(0, end - begin), begin);
    return count;
  }
}
