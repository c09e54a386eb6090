// t-SNE (van der Maaten & Hinton, 2008) with the defaults and conventions of openTSNE 1.0, which the paper
// uses.
import { type Data, type NdArray, ndarray } from '../arrays/array.ts';
import type { MatrixProducts } from '../neighbours/matrix-products.ts';
import { nearestNeighbours } from '../neighbours/nearest-neighbours.ts';
import { Random } from '../random.ts';
import { runTeam, shared, sharedArray } from '../threads/thread-team.ts';
import { affinities, effectivePerplexity, type SparseMatrix } from './affinities.ts';
import { forceBuffers } from './forces.ts';
import type { InitialisationTask } from './initialisation/initialisation.thread.ts';
import { addJitter } from './initialisation/initialisation.ts';
import type { OptimisationTask } from './optimisation.thread.ts';
import { arrange } from './point-order.ts';
import { completeSettings, type TsneSettings } from './settings.ts';

export { defaultTsneSettings, type TsneSettings } from './settings.ts';

export interface TsneProgress {
  /** `neighbours`, `early exaggeration` or `optimisation` */
  phase: string;
  iteration: number;
  iterations: number;
}

export interface TsneHooks {
  onProgress?: (progress: TsneProgress) => void;
  signal?: AbortSignal;
  /** By default as many as there are processors; the result does not depend on it. */
  threads?: number;
  /** Speeds the search for neighbours up; the result does not depend on it. */
  products?: MatrixProducts;
}

export interface TsneResult {
  /** `[n, 2]`, centred */
  embedding: NdArray<Float32Array>;
  /** Of the embedding, with the same approximation of Σ w as the forces (openTSNE reports it so, too). */
  klDivergence: number;
}

/**
 * Embeds the rows of `x` `[n, d]` in two dimensions. Runs on worker threads; deterministic from the
 * settings' seed on one machine, whatever the number of threads. Unlike openTSNE, neighbours are exact for
 * every n, and repulsion is exact up to 1,000 points and through one grid method beyond, more exact than
 * openTSNE's. Throws `RangeError` for fewer than four points, NaN or infinite values.
 */
export async function tsne(
  x: Data,
  given: Partial<TsneSettings> = {},
  hooks: TsneHooks = {},
): Promise<TsneResult> {
  const settings = completeSettings(given);
  checkData(x);
  const [n] = x.shape;
  const data = { data: shared(x.data), shape: x.shape };
  const [p, start] = await Promise.all([
    inputSimilarities(data, settings.perplexity, hooks),
    initialPositions(data, hooks.signal),
  ]);
  addJitter(start, new Random(settings.seed).fork('t-SNE jitter'));
  const { y, klDivergence } = await optimise(p, start, settings, hooks);
  return { embedding: ndarray(Float32Array.from(y), [n, 2]), klDivergence };
}

function checkData({ data, shape }: Data): void {
  if (shape.length !== 2 || shape[0] < 4) {
    throw new RangeError(`t-SNE: expected [n, d] data of at least 4 points, got shape [${shape}]`);
  }
  const place = data instanceof Uint8Array ? -1 : data.findIndex(value => !Number.isFinite(value));
  if (place >= 0) {
    throw new RangeError(
      `t-SNE: point ${Math.floor(place / shape[1])} has the value ${data[place]}; all must be finite, so leave it out or repair it`,
    );
  }
}

/** P from exact neighbours: `effectivePerplexity`, `nearestNeighbours`, `affinities`. */
export async function inputSimilarities(
  x: Data,
  perplexity: number,
  hooks: TsneHooks = {},
): Promise<SparseMatrix> {
  const [n] = x.shape;
  const effective = effectivePerplexity(perplexity, n);
  const neighbours = await nearestNeighbours(x, effective.neighbours, {
    ...hooks,
    onMessage: found =>
      hooks.onProgress?.({ phase: 'neighbours', iteration: found as number, iterations: n }),
  });
  return affinities(neighbours, n, effective.perplexity, hooks);
}

/** `pcaInitialisation` on a thread of its own: reading all data some thirty times takes as long as a third of the search. */
async function initialPositions(x: Data, signal?: AbortSignal): Promise<NdArray<Float64Array>> {
  const start = sharedArray(Float64Array, 2 * x.shape[0]);
  const task: InitialisationTask = { x, start };
  await runTeam(new URL('./initialisation/initialisation.thread.ts', import.meta.url), task, {
    signal,
    threads: 1,
  });
  return ndarray(start, [x.shape[0], 2]);
}

async function optimise(
  p: SparseMatrix,
  start: NdArray<Float64Array>,
  settings: TsneSettings,
  hooks: TsneHooks,
): Promise<{ y: Float64Array; klDivergence: number }> {
  const [n] = start.shape;
  const points = arrange(p, start.data);
  const y = shared(points.start);
  const divergence = sharedArray(Float64Array, 1);
  const { rowStarts, columns, values } = points.p;
  const task: Omit<OptimisationTask, 'membership'> = {
    p: { rowStarts: shared(rowStarts), columns: shared(columns), values: shared(values) },
    state: { y, update: sharedArray(Float64Array, 2 * n), gains: sharedArray(Float64Array, 2 * n).fill(1) },
    forces: forceBuffers(n),
    settings,
    divergence,
  };
  await runTeam(new URL('./optimisation.thread.ts', import.meta.url), task, {
    ...hooks,
    onMessage: progress => hooks.onProgress?.(progress as TsneProgress),
  });
  return { y: points.restore(y), klDivergence: divergence[0] };
}
