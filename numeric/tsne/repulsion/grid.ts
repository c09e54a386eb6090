// The grid that repulsion is computed on: where it lies, how fine it is, and the lengths of its Fourier
// transforms.
import { transformLengthFor } from './fourier-transform.ts';
import { splineOrder } from './splines.ts';

/**
 * Largest distance of nodes; the kernel has the width 1. On t-SNE of 4,000 images of BloodMNIST the forces' error
 * is 0.4 % of their norm at 0.35, and the divergence ends 0.1 % above that with exact forces. Coarser is dear:
 * cubic splines at 0.45 (error 3 %) ended 2.2 % above.
 */
const largestSpacing = 0.35;
/** The longer side has about this many nodes at least, as openTSNE's has 50 intervals of 3. */
const fewestNodes = 100;
/** The most on a side; beyond, the spacing grows (openTSNE's limit is 1000 intervals). */
export const mostNodes = 1500;
/**
 * Nodes between the kernel's kink at half its period and the first lag in use: the splines' memory of it
 * fades by 0.43 a node.
 */
const margin = 24;
export const longestTransform = transformLengthFor(2 * (mostNodes + splineOrder) + margin);

export interface Grid {
  readonly spacing: number;
  /** The smallest coordinates: where the first splines of the leftmost and topmost points begin. */
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
  /**
   * Lengths of the transforms of rows and columns: over twice as many as there are nodes, so that nothing
   * wraps around.
   */
  readonly width: number;
  readonly height: number;
}

/** The grid that holds the points `y` `[n, 2]`. */
export function gridFor(y: Float64Array): Grid {
  let [left, right, top, bottom] = [y[0], y[0], y[1], y[1]];
  for (let i = 0; i < y.length; i += 2) {
    left = Math.min(left, y[i]);
    right = Math.max(right, y[i]);
    top = Math.min(top, y[i + 1]);
    bottom = Math.max(bottom, y[i + 1]);
  }
  const spacing = spacingFor(Math.max(right - left, bottom - top));
  const columns = Math.floor((right - left) / spacing) + splineOrder;
  const rows = Math.floor((bottom - top) / spacing) + splineOrder;
  const width = transformLengthFor(2 * columns + margin);
  const height = transformLengthFor(2 * rows + margin);
  return { spacing, left, top, columns, rows, width, height };
}

/**
 * The largest, or less by a power of √2, so that the kernel's transform can be kept from iteration to
 * iteration.
 */
function spacingFor(range: number): number {
  if (range > largestSpacing * mostNodes) return range / mostNodes;
  if (!(range > 0)) return largestSpacing;
  const halvings = Math.ceil(2 * Math.log2((largestSpacing * fewestNodes) / range)) / 2;
  return largestSpacing * 2 ** -Math.max(0, halvings);
}
