// A cell's data unpacked: places in [−1, 1], classes, and the scores of every image.
import { ndarray } from '../../numeric/arrays/array.ts';
import { nearestRows } from '../../numeric/neighbours/nearest-rows.ts';
import { Random } from '../../numeric/random.ts';
import { type CellData, type ClassData, type Known, type LoadedCells, unpack } from './cell-data.ts';

export interface Embedding {
  readonly data: CellData;
  readonly n: number;
  readonly classes: readonly ClassData[];
  /** The class that stands for none. */
  readonly noClass?: number;
  /** What is known of the user's own images. */
  readonly known?: Known;
  /** `[n, 2]`, as they were made. */
  readonly positions: Float32Array;
  /** `[n]` each, in [−1, 1], at equal aspect. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** `[n]`: the place of each image in the whole data set; undefined where that is not known. */
  readonly sourceIndices: Uint32Array | undefined;
  readonly labels: Uint16Array;
  readonly predicted: Uint16Array;
  readonly disagreement: Float32Array;
  readonly silhouette: Float32Array;
  readonly density: Float32Array;
  /** The order of drawing: at random, always the same, so that no class hides another. */
  readonly order: Int32Array;
  /** The nearest images in feature space, nearest first; in the embedding where these are not known. */
  neighboursOf(image: number): readonly number[];
}

/** What the data script of a cell has brought; throws where it was not loaded. */
export function loadedEmbedding(address: string): Embedding {
  const data = (globalThis as { simcneCells?: LoadedCells }).simcneCells?.[address];
  if (!data) throw new Error(`data/${address}.js was not loaded; render the report again`);
  const positions = unpack(data.positions, Float32Array);
  const labels = unpack(data.labels, Uint16Array);
  const neighbours = data.neighbours === undefined ? undefined : unpack(data.neighbours, Uint32Array);
  return {
    data,
    n: data.n,
    classes: data.classes,
    noClass: data.noClass,
    known: data.known,
    positions,
    ...inUnitSquare(axisOf(positions, 0), axisOf(positions, 1)),
    sourceIndices: data.sourceIndices === undefined ? undefined : unpack(data.sourceIndices, Uint32Array),
    labels,
    predicted: unpack(data.predicted, Uint16Array),
    disagreement: unpack(data.disagreement, Float32Array),
    silhouette: unpack(data.silhouette, Float32Array),
    density: unpack(data.density, Float32Array),
    order: new Random(303).fork('drawing order').permutation(data.n), // as in the static figures
    neighboursOf: image =>
      neighbours
        ? [...neighbours.subarray(image * data.neighbourCount, (image + 1) * data.neighbourCount)]
        : nearestPlaces(
            positions,
            [positions[2 * image], positions[2 * image + 1]],
            fallbackNeighbours,
            image,
          ),
  };
}

const fallbackNeighbours = 12;
const margin = 0.97;

/** Both axes moved and scaled alike, so that all points lie in [−1, 1] with a margin. */
export function inUnitSquare(x: Float32Array, y: Float32Array): { x: Float32Array; y: Float32Array } {
  const extents = [x, y].map(values => {
    let [low, high] = [Infinity, -Infinity];
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return { centre: (low + high) / 2, half: (high - low) / 2 };
  });
  const scale = margin / (Math.max(...extents.map(({ half }) => half)) || 1);
  return {
    x: x.map(value => (value - extents[0].centre) * scale),
    y: y.map(value => (value - extents[1].centre) * scale),
  };
}

function axisOf(positions: Float32Array, axis: 0 | 1): Float32Array {
  return positions.filter((_, i) => i % 2 === axis);
}

/** The images nearest to a place, by one pass over all points: some milliseconds for a hundred thousand. */
export function nearestPlaces(
  positions: Float32Array,
  place: readonly [x: number, y: number],
  count: number,
  without?: number,
): number[] {
  const rows = ndarray(positions, [positions.length / 2, 2]);
  const nearest = nearestRows(rows, place, without === undefined ? count : count + 1);
  return nearest.filter(image => image !== without).slice(0, count);
}
