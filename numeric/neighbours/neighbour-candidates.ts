// Which points may be among the k nearest of each, as far as float32 products can tell: never too few.

import { sharedArray } from '../threads/thread-team.ts';
import { kthSmallest } from './kth-smallest.ts';

/** The largest relative rounding error of one float32 operation. */
const unitRoundoff = 2 ** -24;
/** Room for this many candidates a neighbour wanted, and for so many more. */
const roomPerNeighbour = 2;
const extraRoom = 64;

/** Points `first` … `first + rows − 1`. */
interface PointRange {
  readonly first: number;
  readonly rows: number;
}

/**
 * Collects candidates by bounds of their squared distances |a|² + |b|² − 2 a·b. An inner product of d terms in float32, added up
 * in any order, is off by 1.01 (d + 2) u |a| |b| at most, the rounding of a and b included (Higham, 2002, section 3.1, for d u <
 * 0.009), and 2 |a| |b| ≤ |a|² + |b|². Four more u cover the rounding of what is kept here.
 */
export class NeighbourCandidates {
  /**
   * `[n, room]` and `[n]`: each point's candidates, in no order, and how many there are; −1 where float32 does not tell enough points
   * apart, so that all are.
   */
  readonly places: Int32Array;
  readonly counts: Int32Array;
  readonly room: number;
  /** `[n]`: not below the squared distance of the k-th nearest, so a larger lower bound is out. */
  readonly limits: Float64Array;
  /** The error of an inner product of two vectors of length 1. */
  readonly share: number;
  readonly #k: number;
  /** `[n, room]` */
  readonly #lowerBounds: Float32Array;
  /** `[n]`: what a point contributes to the error of a bound, and |a|² without it. */
  readonly #errors: Float64Array;
  readonly #lowerNorms: Float64Array;
  readonly #upperBounds: Float64Array;

  /** @param squaredNorms `[n]`, of points in d dimensions, 1 at most */
  constructor(squaredNorms: Float64Array, d: number, k: number) {
    const n = squaredNorms.length;
    const underflow = d * 2 ** -125;
    this.#k = k;
    this.share = 1.01 * (d + 6) * unitRoundoff;
    this.room = roomPerNeighbour * k + extraRoom;
    this.places = sharedArray(Int32Array, n * this.room);
    this.counts = sharedArray(Int32Array, n);
    this.limits = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
    this.#lowerBounds = new Float32Array(n * this.room);
    this.#errors = squaredNorms.map(norm => this.share * norm + underflow);
    this.#lowerNorms = squaredNorms.map((norm, i) => norm - this.#errors[i]);
    this.#upperBounds = new Float64Array(this.room);
  }

  /**
   * Takes in the pairs of two ranges of points by their inner products `[a.rows, b.rows]`; where both are the same range, every
   * pair once.
   */
  addBoth(products: Float32Array, a: PointRange, b: PointRange): void {
    const [norms, limits] = [this.#lowerNorms, this.limits];
    for (let row = 0; row < a.rows; row++) {
      const i = a.first + row;
      const start = row * b.rows - b.first;
      const ofRow = norms[i];
      let limit = limits[i];
      for (let j = a.first === b.first ? i + 1 : b.first; j < b.first + b.rows; j++) {
        const lower = ofRow + norms[j] - 2 * products[start + j];
        if (lower <= limit) {
          this.#offer(i, j, lower);
          limit = limits[i];
        }
        if (lower <= limits[j]) this.#offer(j, i, lower);
      }
    }
  }

  /** Offers a range of points to some others by their inner products `[points.length, range.rows]`. */
  addTo(points: Int32Array, products: Float32Array, range: PointRange): void {
    const [norms, limits] = [this.#lowerNorms, this.limits];
    for (let row = 0; row < points.length; row++) {
      const i = points[row];
      const start = row * range.rows - range.first;
      const ofRow = norms[i];
      let limit = limits[i];
      for (let j = range.first; j < range.first + range.rows; j++) {
        const lower = ofRow + norms[j] - 2 * products[start + j];
        if (lower <= limit) {
          this.#offer(i, j, lower);
          limit = limits[i];
        }
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
      if (this.counts[i] > this.room - extraRoom / 2) this.#takeAll(i);
      if (lower > this.limits[i]) return;
    }
    const place = i * this.room + this.counts[i]++;
    this.places[place] = j;
    this.#lowerBounds[place] = lower;
  }

  /** Nothing needs to be offered to point i any more. */
  #takeAll(i: number): void {
    this.counts[i] = -1;
    this.limits[i] = Number.NEGATIVE_INFINITY;
  }

  /** Sets the limit of point i to the k-th smallest upper bound of its candidates, and drops those beyond it. */
  #tighten(i: number): void {
    const [count, start, uppers] = [this.counts[i], i * this.room, this.#upperBounds];
    if (count < this.#k) return;
    for (let place = 0; place < count; place++) {
      const error = this.#errors[i] + this.#errors[this.places[start + place]];
      uppers[place] = this.#lowerBounds[start + place] + 2 * error;
    }
    const limit = kthSmallest(uppers, count, this.#k);
    let kept = 0;
    for (let place = 0; place < count; place++) {
      const lower = this.#lowerBounds[start + place];
      if (lower > limit) continue;
      this.places[start + kept] = this.places[start + place];
      this.#lowerBounds[start + kept++] = lower;
    }
    this.counts[i] = kept;
    this.limits[i] = limit;
  }
}
