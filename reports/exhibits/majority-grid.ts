// Figure 5: an embedding, and a grid laid over it that shows an image of the most frequent class in each square.
import type { TopLevelSpec } from 'vega-lite';
import { Random } from '../../numeric/random.ts';
import { type EmbeddedCell, embeddingTitle } from '../figures/embedding.ts';
import type { DatasetResult } from '../result.ts';
import { framedImages } from './class-examples.ts';
import { legendOrder, letterLayer, look, scatterLayer, schema, type Tiles } from './exhibit.ts';

const [squares, pixels] = [10, 320];
const paper = { n: 327_680, leastImages: 100 }; // PCam16

/** One square that is shown; row 0 is at the bottom. */
export interface GridSquare {
  readonly row: number;
  readonly column: number;
  readonly count: number;
  /** The most frequent class, the first of several. */
  readonly label: number;
  /** One of its images in the square. */
  readonly image: number;
}

/** Below how many images a square stays empty: the paper's hundred, fewer in proportion for smaller sets, three at least. */
export function leastImages(n: number): number {
  return Math.min(paper.leastImages, Math.max(3, Math.round((paper.leastImages * n) / paper.n)));
}

/**
 * Cuts both axes into ten equal steps of one length, each axis around its own middle, from the least to the largest coordinate
 * of the longer. Squares are half open, so what lies at the very largest falls outside, as in the authors' figure (which cuts
 * both from the least to the largest of all coordinates: the same where an embedding is centred, as theirs is).
 */
export function majorityGrid(
  { embedding: { data }, labels }: Pick<EmbeddedCell, 'embedding' | 'labels'>,
  classCount: number,
  least: number,
): GridSquare[] {
  const extents = [0, 1].map(axis => extentOf(data, axis));
  const length = Math.max(...extents.map(([low, high]) => high - low));
  const lows = extents.map(([low, high]) => (low + high - length) / 2);
  const members = Array.from({ length: squares * squares }, (): number[] => []);
  for (let image = 0; image < labels.data.length; image++) {
    const [column, row] = [0, 1].map(axis =>
      Math.floor(((data[2 * image + axis] - lows[axis]) / length) * squares),
    );
    if (column >= 0 && column < squares && row >= 0 && row < squares)
      members[row * squares + column].push(image);
  }
  const random = new Random(0).fork('majority grid');
  return members.flatMap((images, square) => {
    if (images.length < least) return [];
    const counts = new Array<number>(classCount).fill(0);
    for (const image of images) counts[labels.data[image]]++;
    const label = counts.indexOf(Math.max(...counts));
    const candidates = images.filter(image => labels.data[image] === label);
    const image = candidates[random.fork(square).integer(candidates.length)];
    const place = { row: Math.floor(square / squares), column: square % squares };
    return [{ ...place, count: images.length, label, image }];
  });
}

function extentOf(data: Float32Array, axis: number): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = axis; i < data.length; i += 2) {
    if (!Number.isFinite(data[i])) continue;
    low = Math.min(low, data[i]);
    high = Math.max(high, data[i]);
  }
  return [low, high];
}

export function majorityGridFigure(
  cell: EmbeddedCell,
  dataset: DatasetResult,
  grid: readonly GridSquare[],
  tiles: Tiles,
): TopLevelSpec {
  const side = pixels / squares;
  const images = grid.map(({ row, column, label, image, count }) => ({
    image,
    count,
    class: dataset.classes[label].short,
    colour: dataset.classes[label].colour,
    url: tiles.get(image),
    x: (column + 0.5) * side,
    y: pixels - (row + 0.5) * side,
  }));
  return {
    $schema: schema,
    ...look,
    title: { text: embeddingTitle(cell, dataset), anchor: 'start' },
    spacing: 24,
    hconcat: [
      {
        width: pixels,
        height: pixels,
        layer: [
          scatterLayer(cell, dataset, { pixels, legend: legendOrder(cell.dataset, dataset) }),
          letterLayer('a'),
        ],
      },
      { width: pixels, height: pixels, layer: [...framedImages(images, side - 6, 3), letterLayer('b')] },
    ],
    resolve: { scale: { color: 'independent', x: 'independent', y: 'independent' } },
  };
}
