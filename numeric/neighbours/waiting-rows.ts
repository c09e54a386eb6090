// Points of many tiles that wait for one product with another tile: few rows take a library nearly as long as many.
import type { LoadedMatrix, MatrixProducts } from './matrix-products.ts';
import type { NeighbourCandidates } from './neighbour-candidates.ts';
import type { Tile } from './point-tiles.ts';

/** From here on a product takes time by its rows. */
const enoughRows = 512;

export class WaitingRows {
  readonly #products: MatrixProducts;
  readonly #candidates: NeighbourCandidates;
  /** By the tile that they wait for. */
  readonly #waiting = new Map<Tile, { count: number; parts: { tile: Tile; rows: Int32Array }[] }>();

  constructor(products: MatrixProducts, candidates: NeighbourCandidates) {
    this.#products = products;
    this.#candidates = candidates;
  }

  /** Has `rows` of `tile` offered the points of `other`, now or later. */
  add(tile: Tile, rows: Int32Array, other: Tile): void {
    if (rows.length === 0) return;
    const waiting = this.#waiting.get(other) ?? { count: 0, parts: [] };
    waiting.parts.push({ tile, rows });
    waiting.count += rows.length;
    this.#waiting.set(other, waiting);
    if (waiting.count >= enoughRows) this.#offer(other);
  }

  /** Offers all that wait. */
  finish(): void {
    for (const other of this.#waiting.keys()) this.#offer(other);
  }

  #offer(other: Tile): void {
    const { count, parts } = this.#waiting.get(other)!;
    this.#waiting.delete(other);
    const places = new Int32Array(count);
    let end = 0;
    for (const { tile, rows } of parts) for (const row of rows) places[end++] = tile.first + row;
    const picked = this.#joined(parts.map(({ tile, rows }) => tile.matrix.take(rows)));
    this.#candidates.addTo(places, picked.times(other.matrix), other);
    picked.dispose();
  }

  #joined(parts: LoadedMatrix[]): LoadedMatrix {
    if (parts.length === 1) return parts[0];
    const joined = this.#products.join(parts);
    for (const part of parts) part.dispose();
    return joined;
  }
}
