// The k nearest candidates seen so far: a binary heap with the farthest on top.

/** Keeps the `capacity` candidates of smallest distance; of equal ones those of smaller index. */
export class NearestHeap {
  /** Distances and indices in heap order (not sorted). */
  readonly distances: Float64Array;
  readonly indices: Int32Array;
  #size = 0;

  constructor(capacity: number) {
    this.distances = new Float64Array(capacity);
    this.indices = new Int32Array(capacity);
  }

  /**
   * The largest distance kept: what a further candidate has to meet. Infinite until `capacity` were offered.
   */
  get worst(): number {
    return this.#size < this.distances.length ? Number.POSITIVE_INFINITY : this.distances[0];
  }

  clear(): void {
    this.#size = 0;
  }

  /** Takes a candidate in, if it is among the nearest. */
  offer(distance: number, index: number): void {
    if (this.#size < this.distances.length) {
      this.#raise(this.#size++, distance, index);
    } else if (this.#isNearer(distance, index, 0)) {
      this.#sink(0, this.#size, distance, index);
    }
  }

  /**
   * Sorts the candidates in place, nearest first, and empties the heap: read `indices` and `distances`
   * before the next offer.
   */
  sort(): void {
    for (let end = this.#size - 1; end > 0; end--) {
      const [distance, index] = [this.distances[end], this.indices[end]];
      this.#place(end, this.distances[0], this.indices[0]);
      this.#sink(0, end, distance, index);
    }
    this.#size = 0;
  }

  #isNearer(distance: number, index: number, position: number): boolean {
    const other = this.distances[position];
    return distance < other || (distance === other && index < this.indices[position]);
  }

  #place(position: number, distance: number, index: number): void {
    this.distances[position] = distance;
    this.indices[position] = index;
  }

  #raise(position: number, distance: number, index: number): void {
    while (position > 0) {
      const parent = (position - 1) >> 1;
      if (
        !(distance > this.distances[parent]) &&
        !(distance === this.distances[parent] && index > this.indices[parent])
      )
        break;
      this.#place(position, this.distances[parent], this.indices[parent]);
      position = parent;
    }
    this.#place(position, distance, index);
  }

  #sink(position: number, size: number, distance: number, index: number): void {
    for (;;) {
      let child = 2 * position + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#isNearer(this.distances[child], this.indices[child], child + 1)) child++;
      if (!this.#isNearer(distance, index, child)) break;
      this.#place(position, this.distances[child], this.indices[child]);
      position = child;
    }
    this.#place(position, distance, index);
  }
}
