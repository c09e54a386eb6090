// A grid over the plane: which of many points are nearest to a place, exactly, by looking into the cells around it.
import type { NearestHeap } from './nearest-heap.ts';

const pointsPerCell = 2; // over the whole box; the cells that an embedding fills hold about twice as many
const crowded = 64; // points; a cell of more has a grid of its own, so that no crowd in a corner costs a scan

/**
 * Points of a table `[n, 2]` in square cells, cell after cell. Building it takes one pass, a tenth of what a k-d tree (Bentley, 1975) takes.
 */
export class PlaneGrid {
  readonly #columns: number;
  readonly #rows: number;
  readonly #side: number;
  readonly #lowX: number;
  readonly #lowY: number;
  /** `[cells + 1]`: where each cell's points begin. */
  readonly #starts: Int32Array;
  /** The points' places in the table, cell by cell. */
  readonly #indices: Int32Array;
  /** `[points, 2]`, in the order of `#indices`. */
  readonly #points: Float64Array;
  /** Of the crowded cells that were looked into. */
  readonly #grids = new Map<number, PlaneGrid>();

  /** @param indices the rows of `data` `[n, 2]` that the grid holds, one at least; their coordinates are finite */
  constructor(data: ArrayLike<number>, indices: Int32Array) {
    const { lowX, lowY, width, height } = boxOf(data, indices);
    const cells = Math.ceil(indices.length / pointsPerCell);
    this.#lowX = lowX;
    this.#lowY = lowY;
    this.#side = Math.max(Math.sqrt((width / cells) * height), width / cells, height / cells) || 1;
    this.#columns = Math.floor(width / this.#side) + 1;
    this.#rows = Math.floor(height / this.#side) + 1;
    const { starts, order } = sortByCell(this.#cellsOf(data, indices), this.#columns * this.#rows);
    this.#starts = starts;
    this.#indices = new Int32Array(indices.length);
    this.#points = new Float64Array(2 * indices.length);
    const [places, points] = [this.#indices, this.#points];
    for (let place = 0; place < order.length; place++) {
      const index = indices[order[place]];
      places[place] = index;
      points[2 * place] = data[2 * index];
      points[2 * place + 1] = data[2 * index + 1];
    }
  }

  /**
   * Offers to `heap` every point that may be among the nearest to row `index` of `data`, with its squared Euclidean distance
   * and its place in the table.
   */
  search(data: ArrayLike<number>, index: number, heap: NearestHeap): void {
    const [x, y] = [data[2 * index], data[2 * index + 1]];
    const [column, row] = [this.#column(x), this.#row(y)];
    const rings = Math.max(column, this.#columns - 1 - column, row, this.#rows - 1 - row);
    for (let ring = 0; ring <= rings; ring++) {
      this.#visitRing(column, row, ring, data, index, heap);
      if (this.#squaredDistanceBeyond(x, y, column, row, ring) > heap.worst) return;
    }
  }

  /**
   * The positions in `rows`, ordered by the cells that those rows of `data` lie in: searches one after the other then look at
   * the same points.
   */
  orderOf(data: ArrayLike<number>, rows: Int32Array): Int32Array {
    return sortByCell(this.#cellsOf(data, rows), this.#columns * this.#rows).order;
  }

  #cellsOf(data: ArrayLike<number>, rows: Int32Array): Int32Array {
    const cells = new Int32Array(rows.length);
    for (let i = 0; i < rows.length; i++) {
      const at = 2 * rows[i];
      cells[i] = this.#row(data[at + 1]) * this.#columns + this.#column(data[at]);
    }
    return cells;
  }

  #column(x: number): number {
    return Math.min(this.#columns - 1, Math.max(0, Math.floor((x - this.#lowX) / this.#side)));
  }

  #row(y: number): number {
    return Math.min(this.#rows - 1, Math.max(0, Math.floor((y - this.#lowY) / this.#side)));
  }

  /** The cells whose larger distance from (column, row), of the two axes', is `ring`. */
  #visitRing(
    column: number,
    row: number,
    ring: number,
    data: ArrayLike<number>,
    index: number,
    heap: NearestHeap,
  ): void {
    const left = Math.max(0, column - ring);
    const right = Math.min(this.#columns - 1, column + ring);
    const top = Math.max(0, row - ring);
    const bottom = Math.min(this.#rows - 1, row + ring);
    for (let r = top; r <= bottom; r++) {
      if (r === row - ring || r === row + ring) {
        this.#visitCells(r, left, right, data, index, heap);
      } else {
        // of the rows between only both ends belong to the ring
        if (left === column - ring) this.#visitCells(r, left, left, data, index, heap);
        if (right === column + ring) this.#visitCells(r, right, right, data, index, heap);
      }
    }
  }

  /** The cells `left` … `right` of a row, whose points stand one behind the other. */
  #visitCells(
    row: number,
    left: number,
    right: number,
    data: ArrayLike<number>,
    index: number,
    heap: NearestHeap,
  ): void {
    const first = row * this.#columns + left;
    const last = row * this.#columns + right;
    const from = this.#starts[first];
    const to = this.#starts[last + 1];
    if (to - from > crowded && first < last) {
      for (let c = left; c <= right; c++) this.#visitCells(row, c, c, data, index, heap);
      return;
    }
    if (to - from > crowded && this.#starts.length > 2) {
      this.#grid(first, data).search(data, index, heap);
      return;
    }
    const points = this.#points;
    const x = data[2 * index];
    const y = data[2 * index + 1];
    let worst = heap.worst;
    for (let i = from; i < to; i++) {
      const dx = x - points[2 * i];
      const dy = y - points[2 * i + 1];
      const squared = dx * dx + dy * dy;
      if (squared <= worst) {
        heap.offer(squared, this.#indices[i]);
        worst = heap.worst;
      }
    }
  }

  /** Only where there are several cells: so each has fewer points than their grid, until all points of one coincide. */
  #grid(cell: number, data: ArrayLike<number>): PlaneGrid {
    let grid = this.#grids.get(cell);
    if (!grid) {
      grid = new PlaneGrid(data, this.#indices.subarray(this.#starts[cell], this.#starts[cell + 1]));
      this.#grids.set(cell, grid);
    }
    return grid;
  }

  /** Never above the squared distance to a point outside of the rings 0 … ring; what rounding may add is taken off. */
  #squaredDistanceBeyond(x: number, y: number, column: number, row: number, ring: number): number {
    const beyond = Math.min(
      gapBeyond(x - this.#lowX, column, ring, this.#columns, this.#side),
      gapBeyond(y - this.#lowY, row, ring, this.#rows, this.#side),
    );
    const gap = beyond * (1 - 1e-12) - 1e-6 * this.#side;
    return gap > 0 ? gap * gap : 0;
  }
}

/** A counting sort: where each cell begins, and the positions in `cells` cell by cell; within a cell they keep their order. */
function sortByCell(cells: Int32Array, count: number): { starts: Int32Array; order: Int32Array } {
  const starts = new Int32Array(count + 1);
  for (let i = 0; i < cells.length; i++) starts[cells[i] + 1]++;
  for (let cell = 1; cell <= count; cell++) starts[cell] += starts[cell - 1];
  const next = starts.slice();
  const order = new Int32Array(cells.length);
  for (let i = 0; i < cells.length; i++) order[next[cells[i]]++] = i;
  return { starts, order };
}

/** Along one axis of `cells` cells: from `value` to the nearest cell that is more than `ring` cells from cell `at`. */
function gapBeyond(value: number, at: number, ring: number, cells: number, side: number): number {
  const before = at - ring > 0 ? value - (at - ring) * side : Number.POSITIVE_INFINITY;
  const behind = at + ring + 1 < cells ? (at + ring + 1) * side - value : Number.POSITIVE_INFINITY;
  return Math.min(before, behind);
}

function boxOf(data: ArrayLike<number>, indices: Int32Array) {
  let [lowX, lowY] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let [highX, highY] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < indices.length; i++) {
    const x = data[2 * indices[i]];
    const y = data[2 * indices[i] + 1];
    if (x < lowX) lowX = x;
    if (x > highX) highX = x;
    if (y < lowY) lowY = y;
    if (y > highY) highY = y;
  }
  return { lowX, lowY, width: highX - lowX, height: highY - lowY };
}
