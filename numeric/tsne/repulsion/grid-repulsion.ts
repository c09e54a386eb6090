// The forces that drive all points apart, through a grid: spline interpolation and Fourier transforms
// instead of pairs.

import { sharedArray, type Team } from '../../threads/thread-team.ts';
import { FourierTransform } from './fourier-transform.ts';
import { type Grid, gridFor, longestTransform, mostNodes } from './grid.ts';
import { splineOrder, splinesAt, splineTransform } from './splines.ts';

/** Items of shared work: points, and rows or columns of the grid. */
const rangeSize = 256;
const linesAtOnce = 8;

/** What the threads share. */
export interface GridBuffers {
  /** `[rows, columns]` of the grid in use */
  readonly charges: Float64Array;
  readonly potential: Float64Array;
  /** `[frequencies, rows]`: the rows' transforms, turned */
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
  /** `[frequencies, transform length of a column]`: the kernel's transform, real as the kernel is even */
  readonly kernel: Float64Array;
}

export function gridBuffers(): GridBuffers {
  const nodes = mostNodes + splineOrder;
  const frequencies = longestTransform / 2 + 1;
  return {
    charges: sharedArray(Float64Array, nodes * nodes),
    potential: sharedArray(Float64Array, nodes * nodes),
    real: sharedArray(Float64Array, frequencies * longestTransform),
    imaginary: sharedArray(Float64Array, frequencies * longestTransform),
    kernel: sharedArray(Float64Array, frequencies * longestTransform),
  };
}

/**
 * With φ(y) = Σ_j w(y − y_j), w = 1 / (1 + |·|²), both sums that t-SNE needs follow from one potential: Σ_j
 * w_ij = φ(y_i), and Σ_j w_ij² (y_i − y_j) = −∇φ(y_i) / 2. φ comes about as in particle–mesh methods of
 * physics: spread the points over a grid by B-splines, convolve with the kernel by Fourier transforms, read
 * φ and its slope off by the same splines. (openTSNE, after Linderman et al. 2019, interpolates w² by
 * parabolas for four kinds of charges: the same idea with four times the transforms and larger errors.) One
 * thread's part in it: all threads of the team make the same calls.
 */
export class GridRepulsion {
  readonly #buffers: GridBuffers;
  readonly #team: Team;
  readonly #transforms = new Map<number, FourierTransform>();
  readonly #lineReal = new Float64Array(longestTransform);
  readonly #lineImaginary = new Float64Array(longestTransform);
  readonly #splinesX = new Float64Array(splineOrder);
  readonly #splinesY = new Float64Array(splineOrder);
  readonly #slopesX = new Float64Array(splineOrder);
  readonly #slopesY = new Float64Array(splineOrder);
  #kernelKey = '';

  constructor(buffers: GridBuffers, team: Team) {
    this.#buffers = buffers;
    this.#team = team;
  }

  /**
   * Fills `repulsion` `[n, 2]` and `weights` `[n]` for the points `y` `[n, 2]`: see `repelExactly`.
   * @param meanwhile work on ranges of points that is done on the side, while one thread spreads the charges
   */
  evaluate(
    y: Float64Array,
    repulsion: Float64Array,
    weights: Float64Array,
    meanwhile: (from: number, to: number) => void = () => {},
  ): void {
    const n = y.length / 2;
    const grid = gridFor(y);
    this.#prepareKernel(grid);
    this.#team.share(1 + Math.ceil(n / rangeSize), item => {
      if (item === 0) this.#spread(y, grid);
      else meanwhile((item - 1) * rangeSize, Math.min(n, item * rangeSize));
    });
    const pairs = Math.ceil(grid.rows / 2);
    this.#team.shareRanges(pairs, linesAtOnce, (from, to) => this.#transformRows(grid, from, to));
    this.#team.shareRanges(grid.width / 2 + 1, linesAtOnce, (from, to) =>
      this.#convolveColumns(grid, from, to),
    );
    this.#team.shareRanges(pairs, linesAtOnce, (from, to) => this.#restoreRows(grid, from, to));
    this.#team.shareRanges(n, rangeSize, (from, to) => this.#read(y, grid, repulsion, weights, from, to));
  }

  #read(
    y: Float64Array,
    { spacing, left, top, columns }: Grid,
    repulsion: Float64Array,
    weights: Float64Array,
    from: number,
    to: number,
  ): void {
    const { potential } = this.#buffers;
    const [sx, sy, dx, dy] = [this.#splinesX, this.#splinesY, this.#slopesX, this.#slopesY];
    const scale = -0.5 / spacing;
    for (let i = from; i < to; i++) {
      const column = splinesAt((y[2 * i] - left) / spacing, sx, dx);
      const row = splinesAt((y[2 * i + 1] - top) / spacing, sy, dy);
      let value = 0;
      let slope0 = 0;
      let slope1 = 0;
      for (let r = 0; r < splineOrder; r++) {
        const at = (row + r) * columns + column;
        let line = 0;
        let lineSlope = 0;
        for (let c = 0; c < splineOrder; c++) {
          line += sx[c] * potential[at + c];
          lineSlope += dx[c] * potential[at + c];
        }
        value += sy[r] * line;
        slope0 += sy[r] * lineSlope;
        slope1 += dy[r] * line;
      }
      repulsion[2 * i] = scale * slope0;
      repulsion[2 * i + 1] = scale * slope1;
      weights[i] = value - 1; // without the point itself, whose w is 1
    }
  }

  /**
   * The kernel's transform for a grid, with the splines' own transforms divided out (once for each side of
   * the interpolation).
   */
  #prepareKernel(grid: Grid): void {
    const { spacing, width, height } = grid;
    const key = `${spacing} ${width} ${height}`;
    if (key === this.#kernelKey) return;
    this.#kernelKey = key;
    const halfWidth = width / 2 + 1;
    const halfHeight = height / 2 + 1;
    this.#team.shareRanges(halfHeight, linesAtOnce, (from, to) => this.#transformKernelRows(grid, from, to));
    this.#team.shareRanges(halfWidth, linesAtOnce, (from, to) =>
      this.#transformKernelColumns(grid, from, to),
    );
  }

  #transformKernelRows({ spacing, width, height }: Grid, from: number, to: number): void {
    const { real } = this.#buffers;
    const [lineReal, lineImaginary] = this.#lines(width);
    const halfHeight = height / 2 + 1;
    for (let row = from; row < to; row++) {
      for (let column = 0; column < width; column++) {
        const lag = Math.min(column, width - column) ** 2 + row ** 2;
        lineReal[column] = 1 / (1 + lag * spacing * spacing);
      }
      lineImaginary.fill(0);
      this.#transform(width).forward(lineReal, lineImaginary);
      for (let frequency = 0; 2 * frequency <= width; frequency++)
        real[frequency * halfHeight + row] = lineReal[frequency];
    }
  }

  #transformKernelColumns({ width, height }: Grid, from: number, to: number): void {
    const { real, kernel } = this.#buffers;
    const [lineReal, lineImaginary] = this.#lines(height);
    const halfHeight = height / 2 + 1;
    for (let frequency = from; frequency < to; frequency++) {
      for (let row = 0; row < height; row++)
        lineReal[row] = real[frequency * halfHeight + Math.min(row, height - row)];
      lineImaginary.fill(0);
      this.#transform(height).forward(lineReal, lineImaginary);
      for (let row = 0; row < height; row++) {
        const smoothing = splineTransform(frequency, width) * splineTransform(row, height);
        kernel[frequency * height + row] = lineReal[row] / (smoothing * smoothing * width * height);
      }
    }
  }

  #spread(y: Float64Array, { spacing, left, top, columns, rows }: Grid): void {
    const { charges } = this.#buffers;
    const [sx, sy] = [this.#splinesX, this.#splinesY];
    charges.fill(0, 0, rows * columns);
    for (let i = 0; i < y.length; i += 2) {
      const column = splinesAt((y[i] - left) / spacing, sx, this.#slopesX);
      const row = splinesAt((y[i + 1] - top) / spacing, sy, this.#slopesY);
      for (let r = 0; r < splineOrder; r++) {
        const at = (row + r) * columns + column;
        for (let c = 0; c < splineOrder; c++) charges[at + c] += sy[r] * sx[c];
      }
    }
  }

  /**
   * Transforms pairs of rows as real and imaginary part of one, and takes the two apart again by their
   * symmetries.
   */
  #transformRows({ columns, rows, width }: Grid, from: number, to: number): void {
    const { charges, real, imaginary } = this.#buffers;
    const [lineReal, lineImaginary] = this.#lines(width);
    for (let pair = from; pair < to; pair++) {
      const first = 2 * pair;
      const hasSecond = first + 1 < rows;
      lineReal.fill(0, columns);
      lineImaginary.fill(0, hasSecond ? columns : 0);
      for (let c = 0; c < columns; c++) lineReal[c] = charges[first * columns + c];
      if (hasSecond) for (let c = 0; c < columns; c++) lineImaginary[c] = charges[(first + 1) * columns + c];
      this.#transform(width).forward(lineReal, lineImaginary);
      for (let frequency = 0; 2 * frequency <= width; frequency++) {
        const mirror = frequency === 0 ? 0 : width - frequency;
        const at = frequency * rows + first;
        real[at] = 0.5 * (lineReal[frequency] + lineReal[mirror]);
        imaginary[at] = 0.5 * (lineImaginary[frequency] - lineImaginary[mirror]);
        if (!hasSecond) continue;
        real[at + 1] = 0.5 * (lineImaginary[frequency] + lineImaginary[mirror]);
        imaginary[at + 1] = 0.5 * (lineReal[mirror] - lineReal[frequency]);
      }
    }
  }

  #convolveColumns({ rows, height }: Grid, from: number, to: number): void {
    const { real, imaginary, kernel } = this.#buffers;
    const [lineReal, lineImaginary] = this.#lines(height);
    const transform = this.#transform(height);
    for (let frequency = from; frequency < to; frequency++) {
      for (let row = 0; row < rows; row++) {
        lineReal[row] = real[frequency * rows + row];
        lineImaginary[row] = imaginary[frequency * rows + row];
      }
      lineReal.fill(0, rows);
      lineImaginary.fill(0, rows);
      transform.forward(lineReal, lineImaginary);
      for (let row = 0; row < height; row++) {
        lineReal[row] *= kernel[frequency * height + row];
        lineImaginary[row] *= kernel[frequency * height + row];
      }
      transform.inverse(lineReal, lineImaginary);
      for (let row = 0; row < rows; row++) {
        real[frequency * rows + row] = lineReal[row];
        imaginary[frequency * rows + row] = lineImaginary[row];
      }
    }
  }

  #restoreRows({ columns, rows, width }: Grid, from: number, to: number): void {
    const { real, imaginary, potential } = this.#buffers;
    const [lineReal, lineImaginary] = this.#lines(width);
    for (let pair = from; pair < to; pair++) {
      const first = 2 * pair;
      const hasSecond = first + 1 < rows;
      for (let frequency = 0; 2 * frequency <= width; frequency++) {
        const at = frequency * rows + first;
        const mirror = frequency === 0 ? 0 : width - frequency;
        const [a, b] = [real[at], imaginary[at]];
        const [c, d] = hasSecond ? [real[at + 1], imaginary[at + 1]] : [0, 0];
        lineReal[mirror] = a + d;
        lineImaginary[mirror] = c - b;
        lineReal[frequency] = a - d;
        lineImaginary[frequency] = b + c;
      }
      this.#transform(width).inverse(lineReal, lineImaginary);
      for (let c = 0; c < columns; c++) potential[first * columns + c] = lineReal[c];
      if (hasSecond)
        for (let c = 0; c < columns; c++) potential[(first + 1) * columns + c] = lineImaginary[c];
    }
  }

  #lines(length: number): [Float64Array, Float64Array] {
    return [this.#lineReal.subarray(0, length), this.#lineImaginary.subarray(0, length)];
  }

  #transform(length: number): FourierTransform {
    let transform = this.#transforms.get(length);
    if (!transform) {
      transform = new FourierTransform(length);
      this.#transforms.set(length, transform);
    }
    return transform;
  }
}
