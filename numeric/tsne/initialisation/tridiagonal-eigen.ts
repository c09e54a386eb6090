// Eigenvalues and eigenvectors of a symmetric tridiagonal matrix: QL with implicit shifts (Golub & Van Loan,
// section 8.3; EISPACK tql2).

export interface TridiagonalEigen {
  /** `[m]`, descending. */
  readonly values: Float64Array;
  /** `[m, m]`: row r is the unit eigenvector of `values[r]`. */
  readonly vectors: Float64Array;
}

const maximalIterations = 60; // per eigenvalue; two or three are usual

/**
 * @param diagonal `[m]`
 * @param below `[m − 1]` (or longer: the rest is not read): the elements beside the diagonal
 */
export function tridiagonalEigen(diagonal: ArrayLike<number>, below: ArrayLike<number>): TridiagonalEigen {
  const m = diagonal.length;
  const values = Float64Array.from(diagonal);
  const beside = Float64Array.from({ length: m }, (_, i) => (i + 1 < m ? below[i] : 0));
  const vectors = new Float64Array(m * m);
  for (let i = 0; i < m; i++) vectors[i * m + i] = 1;
  for (let wanted = 0; wanted < m; wanted++) {
    for (let iteration = 0; iteration < maximalIterations; iteration++) {
      const end = firstNegligible(values, beside, wanted);
      if (end === wanted) break;
      chase(values, beside, vectors, wanted, end);
    }
  }
  return sortedDescending(values, vectors);
}

/** The first place from `start` on where the matrix falls apart into blocks. */
function firstNegligible(values: Float64Array, beside: Float64Array, start: number): number {
  let end = start;
  for (; end < values.length - 1; end++) {
    const scale = Math.abs(values[end]) + Math.abs(values[end + 1]);
    if (Math.abs(beside[end]) <= Number.EPSILON * scale) break;
  }
  return end;
}

/** One QL step on the block start … end: rotations from its end upwards, applied to the vectors as well. */
function chase(
  values: Float64Array,
  beside: Float64Array,
  vectors: Float64Array,
  start: number,
  end: number,
): void {
  const slope = (values[start + 1] - values[start]) / (2 * beside[start]);
  const radius = Math.hypot(slope, 1);
  let g = values[end] - values[start] + beside[start] / (slope + (slope < 0 ? -radius : radius)); // Wilkinson's shift
  let [sine, cosine, carried] = [1, 1, 0];
  for (let i = end - 1; i >= start; i--) {
    const f = sine * beside[i];
    const b = cosine * beside[i];
    const length = Math.hypot(f, g);
    beside[i + 1] = length;
    if (length === 0) {
      values[i + 1] -= carried;
      beside[end] = 0;
      return;
    }
    sine = f / length;
    cosine = g / length;
    g = values[i + 1] - carried;
    const r = (values[i] - g) * sine + 2 * cosine * b;
    carried = sine * r;
    values[i + 1] = g + carried;
    g = cosine * r - b;
    rotateRows(vectors, values.length, i, sine, cosine);
  }
  values[start] -= carried;
  beside[start] = g;
  beside[end] = 0;
}

function rotateRows(vectors: Float64Array, m: number, i: number, sine: number, cosine: number): void {
  for (let upper = i * m, lower = upper + m; upper < (i + 1) * m; upper++, lower++) {
    const second = vectors[lower];
    vectors[lower] = sine * vectors[upper] + cosine * second;
    vectors[upper] = cosine * vectors[upper] - sine * second;
  }
}

function sortedDescending(values: Float64Array, vectors: Float64Array): TridiagonalEigen {
  const m = values.length;
  const order = Int32Array.from(values, (_, i) => i).sort((i, j) => values[j] - values[i]);
  const sorted = new Float64Array(m * m);
  order.forEach((from, to) => {
    sorted.set(vectors.subarray(from * m, (from + 1) * m), to * m);
  });
  return { values: Float64Array.from(order, i => values[i]), vectors: sorted };
}
