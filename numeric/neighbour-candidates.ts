// Which points may be among the k nearest of each, as far as float32 products can tell: never too few.
import { sharedArray } from './thread-team.ts';

/** The largest relative rounding error of one float32 operation. */
const unitRoundoff = 2 ** -24;
/** Room for this many candidates a neighbour wanted, and for so many more. */
const roomPerNeighbour = 2;
const extraRoom = 64;

/**
 * Collects candidates by bounds of their squared distances |a|² + |b|² − 2 a·b. An inner product of d terms in float32, added up
 * in any order, is off by 1.01 (d + 2) u |a| |b| at most, the rounding of a and b included (Higham, 2002, section 3.1, for d u <
 * 0.009), and 2 |a| |b| ≤ |a|² + |b|². Four more u cover the rounding of what is kept here.
 */
export class NeighbourCandidates {
  /** `[n, room]` and `[n]`: each point's candidates, in no order, and how many there are. */
  readonly indices: Int32Array;
  readonly counts: Int32Array;
  readonly room: number;
  readonly #k: number;
  /** `[n, room]`: lower bounds */
  readonly #lower: Float32Array;
  /** `[n]`: |a|², and what a contributes to the error of a bound. */
  readonly #squaredNorms: Float64Array;
  readonly #errors: Float64Array;
  /** `[n]`: not below the distance of the k-th nearest, so a larger lower bound is out. */
  readonly #limits: Float64Array;
  readonly #uppers: Float64Array;
  /** A point has more candidates than room: float32 does not tell them apart. */
  isOverfull = false;

  /** @param squaredNorms `[n]`, of points in d dimensions, 1 at most */
  constructor(squaredNorms: Float64Array, d: number, k: number) {
    const n = squaredNorms.length;
    const share = 1.01 * (d + 6) * unitRoundoff;
    const underflow = d * 2 ** -125;
    this.#k = k;
    this.room = roomPerNeighbour * k + extraRoom;
    this.indices = sharedArray(Int32Array, n * this.room);
    this.counts = sharedArray(Int32Array, n);
    this.#lower = new Float32Array(n * this.room);
    this.#squaredNorms = squaredNorms;
    this.#errors = squaredNorms.map(norm => share * norm + underflow);
    this.#limits = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
    this.#uppers = new Float64Array(this.room);
  }

  /**
   * Takes in the pairs of two ranges of points by their inner products `[rowCount, columnCount]`; where both are the same range,
   * every pair once.
   */
  add(products: Float32Array, rows: number, rowCount: number, columns: number, columnCount: number): void {
    const [norms, errors, limits] = [this.#squaredNorms, this.#errors, this.#limits];
    for (let r = 0; r < rowCount; r++) {
      const i = rows + r;
      const start = r * columnCount - columns;
      const ofRow = norms[i] - errors[i];
      let limit = limits[i];
      for (let j = rows === columns ? i + 1 : columns; j < columns + columnCount; j++) {
        const lower = ofRow + (norms[j] - errors[j]) - 2 * products[start + j];
        if (lower <= limit) {
          this.#offer(i, j, lower);
          limit = limits[i];
        }
        if (lower <= limits[j]) this.#offer(j, i, lower);
      }
    }
  }

  /** Leaves to every point only what its limit allows in the end. */
  finish(): void {
    for (let i = 0; i < this.counts.length; i++) this.#tighten(i);
  }

  #offer(i: number, j: number, lower: number): void {
    if (this.counts[i] === this.room) {
      this.#tighten(i);
      if (this.counts[i] > this.room - extraRoom / 2) this.isOverfull = true;
      if (this.isOverfull || lower > this.#limits[i]) return;
    }
    const place = i * this.room + this.counts[i]++;
    this.indices[place] = j;
    this.#lower[place] = lower;
  }

  /** Sets the limit of point i to the k-th smallest upper bound of its candidates, and drops those beyond it. */
  #tighten(i: number): void {
    const [count, start, uppers] = [this.counts[i], i * this.room, this.#uppers];
    if (count < this.#k) return;
    for (let place = 0; place < count; place++) {
      const error = this.#errors[i] + this.#errors[this.indices[start + place]];
      uppers[place] = this.#lower[start + place] + 2 * error;
    }
    const limit = uppers.subarray(0, count).sort()[this.#k - 1];
    let kept = 0;
    for (let place = 0; place < count; place++) {
      const lower = this.#lower[start + place];
      if (lower > limit) continue;
      this.indices[start + kept] = this.indices[start + place];
      this.#lower[start + kept++] = lower;
    }
    this.counts[i] = kept;
    this.#limits[i] = limit;
  }
}
