// The first principal components of n × d data by the Lanczos method: the covariance is never formed, only
// multiplied.
import { type Data, meanOf } from '../../arrays/array.ts';
import { Random } from '../../random.ts';
import { tridiagonalEigen } from './tridiagonal-eigen.ts';

export interface PrincipalComponents {
  /** `[d]` */
  readonly mean: Float64Array;
  /** `[count, d]`: orthonormal rows; in each the entry of largest magnitude is positive, as in scikit-learn. */
  readonly components: Float64Array;
  /** `[count]`: the (population) variance along each, descending. */
  readonly variances: Float64Array;
}

/**
 * When the residual |Cv − λv| of every wanted component is below this share of the largest λ, they count as
 * found.
 */
const tolerance = 1e-9;

/**
 * The `count` directions of largest variance of `x` `[n, d]`. Deterministic; accurate to about 1e-9 /
 * relative gap of the variances. Each step reads the data once; some tens of steps do, at most d. Throws
 * `RangeError` where count > min(n, d).
 */
export async function principalComponents(
  x: Data,
  count: number,
  { signal }: { signal?: AbortSignal } = {},
): Promise<PrincipalComponents> {
  const [n, d] = x.shape;
  if (count > Math.min(n, d)) {
    throw new RangeError(
      `principal components: ${n} × ${d} data has at most ${Math.min(n, d)}, not ${count}`,
    );
  }
  const mean = meanOf(x);
  const krylov = new KrylovBasis(d);
  for (;;) {
    await nextTurn(signal);
    krylov.extend(multiplyByCovariance(x, mean, krylov.last));
    if (!krylov.isWorthChecking(count)) continue;
    const { values, vectors, residuals } = krylov.ritz();
    const largest = residuals.subarray(0, count).reduce((a, b) => Math.max(a, b), 0);
    if (krylov.isComplete || largest <= tolerance * values[0]) {
      const components = krylov.combine(vectors, count);
      fixSigns(components, d);
      return { mean, components, variances: values.slice(0, count) };
    }
  }
}

/**
 * Lets timers and messages of the event loop through between two steps; throws the signal's reason once it
 * is aborted.
 */
async function nextTurn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise(resolve => setImmediate(resolve));
  signal?.throwIfAborted();
}

/**
 * C v = Σ (x_i − mean) ((x_i − mean) · v) / n, for the v of a unit Krylov vector, orthogonal or not to the
 * mean.
 */
function multiplyByCovariance(
  { data, shape: [n, d] }: Data,
  mean: Float64Array,
  v: Float64Array,
): Float64Array {
  const result = new Float64Array(d);
  const offset = dot(mean, v, 0, d);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const start = i * d;
    const weight = dot(data, v, start, d) - offset;
    total += weight;
    for (let axis = 0; axis < d; axis++) result[axis] += weight * data[start + axis];
  }
  for (let axis = 0; axis < d; axis++) result[axis] = (result[axis] - total * mean[axis]) / n;
  return result;
}

/** The inner product of d numbers from `start` on with v, in four interleaved sums. */
function dot(data: ArrayLike<number>, v: Float64Array, start: number, d: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let e = 0;
  const whole = d & ~3;
  for (let axis = 0; axis < whole; axis += 4) {
    a += data[start + axis] * v[axis];
    b += data[start + axis + 1] * v[axis + 1];
    c += data[start + axis + 2] * v[axis + 2];
    e += data[start + axis + 3] * v[axis + 3];
  }
  for (let axis = whole; axis < d; axis++) a += data[start + axis] * v[axis];
  return a + b + (c + e);
}

/**
 * Orthonormal vectors q_1, C q_1, … and the tridiagonal matrix that C is in their basis, fully
 * reorthogonalised.
 */
class KrylovBasis {
  readonly #d: number;
  readonly #vectors: Float64Array[];
  readonly #diagonal: number[] = [];
  readonly #below: number[] = [];
  readonly #random = new Random(0).fork('krylov');

  constructor(d: number) {
    this.#d = d;
    this.#vectors = [unit(Float64Array.from({ length: d }, () => this.#random.normal()))];
  }

  get last(): Float64Array {
    return this.#vectors[this.#diagonal.length];
  }

  get isComplete(): boolean {
    return this.#diagonal.length === this.#d;
  }

  /** Checking costs O(m³): every few steps, sparser as m grows. */
  isWorthChecking(count: number): boolean {
    const m = this.#diagonal.length;
    return this.isComplete || (m >= count + 4 && m % Math.max(4, Math.floor(m / 4)) === 0);
  }

  /** @param product C times the last vector; it becomes the next */
  extend(product: Float64Array): void {
    const m = this.#diagonal.length;
    this.#diagonal.push(dot(product, this.#vectors[m], 0, this.#d));
    const size = norm(product);
    this.#orthogonalise(product);
    const remaining = norm(product);
    const isExhausted = remaining <= 1e-13 * Math.max(size, this.#diagonal[0]);
    this.#below.push(isExhausted ? 0 : remaining);
    if (this.isComplete) return;
    this.#vectors.push(isExhausted ? this.#freshDirection() : unit(product));
  }

  #orthogonalise(vector: Float64Array): void {
    for (let pass = 0; pass < 2; pass++) {
      for (const other of this.#vectors) {
        const overlap = dot(vector, other, 0, this.#d);
        for (let axis = 0; axis < this.#d; axis++) vector[axis] -= overlap * other[axis];
      }
    }
  }

  /** The subspace is invariant (repeated variances, or fewer points than dimensions): go on in another one. */
  #freshDirection(): Float64Array {
    const vector = unit(Float64Array.from({ length: this.#d }, () => this.#random.normal()));
    this.#orthogonalise(vector);
    return unit(vector);
  }

  /** Approximate eigenpairs, and how far each is from one: β_m times the last entry of its vector. */
  ritz() {
    const m = this.#diagonal.length;
    const { values, vectors } = tridiagonalEigen(this.#diagonal, this.#below);
    const residuals = values.map((_, r) => Math.abs(this.#below[m - 1] * vectors[r * m + m - 1]));
    return { values, vectors, residuals };
  }

  /** The first `count` Ritz vectors `[count, d]`. */
  combine(coefficients: Float64Array, count: number): Float64Array {
    const [m, d] = [this.#diagonal.length, this.#d];
    const result = new Float64Array(count * d);
    for (let r = 0; r < count; r++) {
      for (let k = 0; k < m; k++) {
        const weight = coefficients[r * m + k];
        for (let axis = 0; axis < d; axis++) result[r * d + axis] += weight * this.#vectors[k][axis];
      }
    }
    return result;
  }
}

function norm(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector, 0, vector.length));
}

function unit(vector: Float64Array): Float64Array {
  const length = norm(vector);
  return vector.map(value => value / length);
}

function fixSigns(components: Float64Array, d: number): void {
  for (let start = 0; start < components.length; start += d) {
    const row = components.subarray(start, start + d);
    const extreme = row.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    if (extreme < 0) for (let axis = 0; axis < d; axis++) row[axis] = -row[axis];
  }
}
