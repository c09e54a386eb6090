// Attraction and repulsion of all points, computed by a team: pair by pair where points are few, else
// through the grid.
import { sharedArray, type Team } from '../threads/thread-team.ts';
import type { SparseMatrix } from './affinities.ts';
import { attract } from './attraction.ts';
import { repelExactly } from './repulsion/exact-repulsion.ts';
import { type GridBuffers, GridRepulsion, gridBuffers } from './repulsion/grid-repulsion.ts';

/** Up to here all pairs take no longer than the grid. */
const pairwiseUpTo = 1000;
/** Points per item of shared work. */
export const rangeSize = 256;

/** Shared by the threads. */
export interface ForceBuffers {
  /** `[n, 2]`, without exaggeration */
  readonly attraction: Float64Array;
  /** `[n, 2]`, not yet divided by the total weight */
  readonly repulsion: Float64Array;
  /** `[n]`: Σ_j w_ij */
  readonly weights: Float64Array;
  /** Absent where points are few. */
  readonly grid?: GridBuffers;
}

export function forceBuffers(n: number): ForceBuffers {
  return {
    attraction: sharedArray(Float64Array, 2 * n),
    repulsion: sharedArray(Float64Array, 2 * n),
    weights: sharedArray(Float64Array, n),
    grid: n > pairwiseUpTo ? gridBuffers() : undefined,
  };
}

/** One thread's part in the forces; all threads of the team make the same calls. */
export class Forces {
  readonly #p: SparseMatrix;
  readonly #buffers: ForceBuffers;
  readonly #team: Team;
  readonly #grid: GridRepulsion | undefined;

  constructor(p: SparseMatrix, buffers: ForceBuffers, team: Team) {
    this.#p = p;
    this.#buffers = buffers;
    this.#team = team;
    this.#grid = buffers.grid && new GridRepulsion(buffers.grid, team);
  }

  /** Fills the buffers for the points `y` `[n, 2]` and returns the total weight Σ_{i ≠ j} w_ij. */
  evaluate(y: Float64Array): number {
    const n = y.length / 2;
    const { attraction, repulsion, weights } = this.#buffers;
    const attractRange = (from: number, to: number) => attract(this.#p, y, attraction, from, to);
    if (this.#grid) {
      this.#grid.evaluate(y, repulsion, weights, attractRange);
    } else {
      this.#team.shareRanges(n, rangeSize, (from, to) => {
        attractRange(from, to);
        repelExactly(y, repulsion, weights, from, to);
      });
    }
    return weights.reduce((sum, weight) => sum + weight, 0);
  }
}
