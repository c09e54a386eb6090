// The embedding of one cell as a scatter plot: every image a point in the colour of its class.
import type { TopLevelSpec } from 'vega-lite';
import { Random } from '../../numeric/random.ts';
import type { CellResult, DatasetResult } from '../result.ts';
import { countText, scoreText } from '../table/score-text.ts';
import { colourOnDark } from './class-colours.ts';

/** A cell that has an embedding and labels. */
export type EmbeddedCell = CellResult & Required<Pick<CellResult, 'embedding' | 'labels'>>;

export function isEmbedded(cell: CellResult): cell is EmbeddedCell {
  return cell.embedding !== undefined && cell.labels !== undefined;
}

/**
 * A figure that stands alone: dataset, seed, n and both scores in its title, a legend of the classes, data within.
 * Equal aspect, no axes, points in random order so that no class hides another (as in the paper's figures).
 */
export function embeddingFigure(cell: EmbeddedCell, dataset: DatasetResult): TopLevelSpec {
  const shortNames = Object.fromEntries(dataset.classes.map(({ name, short }) => [name, short]));
  const legend = { title: null, labelExpr: `${JSON.stringify(shortNames)}[datum.label]`, symbolSize: 40 };
  return {
    ...scatter(cell, dataset, legend),
    title: { ...titleLines(cell, dataset), anchor: 'start', offset: 8 },
    width: 360,
    height: 360,
    background: '#ffffff',
    data: { name: 'points', values: pointsOf(cell, dataset) },
  };
}

/** Which images and which run: `BloodMNIST, n = 4,000, seed 1`. */
export function embeddingRun({ seed }: Pick<CellResult, 'seed'>, { title, n }: DatasetResult): string {
  return [title, `n = ${countText(n)}`, seed === undefined ? [] : `seed ${seed}`].flat().join(', ');
}

/** What a figure shows, in one line: `BloodMNIST, n = 4,000, seed 1: kNN 70.5 %, silhouette 0.16`. */
export function embeddingTitle(cell: CellResult, dataset: DatasetResult): string {
  const { text, subtitle } = titleLines(cell, dataset);
  return [text, subtitle[0]].filter(Boolean).join(': ');
}

function titleLines(cell: CellResult, dataset: DatasetResult): { text: string; subtitle: string[] } {
  const scores = [
    cell.knn === undefined ? [] : `kNN ${scoreText('knn', 100 * cell.knn)} %`,
    cell.silhouette === undefined ? [] : `silhouette ${scoreText('silhouette', cell.silhouette)}`,
  ];
  return { text: embeddingRun(cell, dataset), subtitle: [scores.flat().join(', '), cell.address] };
}

/** The images of a cell in the order in which they are drawn: at random, always the same; no point without a place. */
export function drawingOrder({ embedding: { data, shape } }: EmbeddedCell): Int32Array {
  const order = new Random(303).fork('drawing order').permutation(shape[0]); // 303: the authors' seed
  return order.filter(i => Number.isFinite(data[2 * i]) && Number.isFinite(data[2 * i + 1]));
}

/** Two intervals of one length around all points, with a margin of 3 %: equal aspect in a square plot. */
export function squareDomains(cell: EmbeddedCell): { x: [number, number]; y: [number, number] } {
  const { data } = cell.embedding;
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (const image of drawingOrder(cell)) {
    for (const axis of [0, 1]) {
      low[axis] = Math.min(low[axis], data[2 * image + axis]);
      high[axis] = Math.max(high[axis], data[2 * image + axis]);
    }
  }
  const reach = 0.53 * Math.max(high[0] - low[0], high[1] - low[1]) || 1;
  const [x, y] = [0, 1].map((axis): [number, number] => {
    const centre = (low[axis] + high[axis]) / 2;
    return Number.isFinite(centre) ? [centre - reach, centre + reach] : [-1, 1];
  });
  return { x, y };
}

type Legend = { title: null; labelExpr: string; symbolSize: number };

function scatter(cell: EmbeddedCell, dataset: DatasetResult, legend: Legend) {
  const { x, y } = squareDomains(cell);
  const size = `clamp(0.3 * width * height / ${cell.embedding.shape[0]}, 1.5, 12)`;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    params: [{ name: 'dark', value: false }],
    mark: { type: 'circle', opacity: 0.85, size: { expr: size }, aria: false },
    encoding: {
      x: { field: 'x', type: 'quantitative', axis: null, scale: { domain: x, nice: false } },
      y: { field: 'y', type: 'quantitative', axis: null, scale: { domain: y, nice: false } },
      color: { field: 'class', type: 'nominal', scale: classColours(dataset), legend },
      tooltip: [
        { field: 'class', type: 'nominal', title: 'class' },
        { field: 'index', type: 'quantitative', title: 'image' },
      ],
    },
    config: { view: { stroke: null } },
  } satisfies Partial<TopLevelSpec>;
}

/** Class names to colours; where the parameter `dark` is true, to colours that show on a dark background. */
function classColours({ classes }: DatasetResult) {
  const range = classes.map(({ colour }) => {
    const onDark = colourOnDark(colour);
    if (onDark === colour) return colour;
    return { expr: `dark ? ${JSON.stringify(onDark)} : ${JSON.stringify(colour)}` };
  });
  return { domain: classes.map(({ name }) => name), range };
}

function pointsOf(cell: EmbeddedCell, { classes }: DatasetResult) {
  const { embedding, labels } = cell;
  return Array.from(drawingOrder(cell), index => ({
    x: Number(embedding.data[2 * index].toPrecision(5)), // finer than any screen
    y: Number(embedding.data[2 * index + 1].toPrecision(5)),
    class: classes[labels.data[index]].name,
    index,
  }));
}
