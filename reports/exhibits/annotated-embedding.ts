// Figure 4: an embedding with lines from its clusters to images that lie there.
import type { TopLevelSpec } from 'vega-lite';
import { type EmbeddedCell, embeddingTitle, squareDomains } from '../figures/embedding.ts';
import type { DatasetResult } from '../result.ts';
import { framedImages, place } from './class-examples.ts';
import type { ClusterTip } from './cluster-tips.ts';
import { look, scatterLayer, schema, type Tiles } from './exhibit.ts';

const [pixels, side, tile, gap, labelHeight] = [400, 150, 30, 5, 14];

/** A tip with the place of its row of images, all in pixels of the figure. */
interface Annotation {
  readonly tip: ClusterTip;
  readonly onLeft: boolean;
  /** Of the line: its end in the embedding and its end at the images. */
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
}

export function annotatedEmbeddingFigure(
  cell: EmbeddedCell,
  dataset: DatasetResult,
  tips: readonly ClusterTip[],
  tiles: Tiles,
): TopLevelSpec {
  const annotations = layOut(cell, tips);
  const height = figureHeight(tips.length);
  const { classes } = dataset;
  const scatter = scatterLayer(cell, dataset, { pixels, legend: [] });
  const [left, top] = [side, (height - pixels) / 2];
  const images = annotations.flatMap(({ tip, to, onLeft }) =>
    tip.images.map((image, i) => ({
      image,
      colour: classes[cell.labels.data[image]].colour,
      url: tiles.get(image),
      x: to[0] + (onLeft ? -1 : 1) * (i * (tile + gap) + tile / 2 + gap),
      y: to[1],
    })),
  );
  const names = annotations
    .filter(({ tip }) => tip.rank === 0)
    .map(({ tip, to, onLeft }) => ({
      text: sentenceCase(classes[tip.label].short),
      colour: classes[tip.label].colour,
      x: to[0] + (onLeft ? -1 : 1) * (1.5 * (tile + gap) + gap / 2),
      y: to[1] - tile / 2 - labelHeight / 2 - 1,
    }));
  const lines = annotations.map(({ from, to }) => ({ x: from[0], y: from[1], x2: to[0], y2: to[1] }));
  return {
    $schema: schema,
    ...look,
    title: { text: embeddingTitle(cell, dataset), anchor: 'start' },
    width: pixels + 2 * side,
    height,
    layer: [
      {
        ...scatter,
        encoding: {
          ...scatter.encoding,
          x: {
            ...scatter.encoding.x,
            scale: { ...scatter.encoding.x.scale, range: [left, left + pixels] },
          },
          y: { ...scatter.encoding.y, scale: { ...scatter.encoding.y.scale, range: [top + pixels, top] } },
        },
      },
      {
        data: { values: lines },
        mark: { type: 'rule', color: '#5b6770', strokeWidth: 0.8 },
        encoding: { x: place('x'), y: place('y'), x2: { field: 'x2' }, y2: { field: 'y2' } },
      },
      ...framedImages(images, tile),
      {
        data: { values: names },
        mark: { type: 'text', fontSize: 11, fontWeight: 'bold', align: 'center' },
        encoding: {
          x: place('x'),
          y: place('y'),
          text: { field: 'text', type: 'nominal' },
          color: { field: 'colour', type: 'nominal', scale: null },
        },
      },
    ],
    resolve: { scale: { color: 'independent', x: 'independent', y: 'independent' } },
  };
}

const rowHeight = tile + labelHeight + 8;

function figureHeight(tips: number): number {
  return Math.max(pixels, Math.ceil(tips / 2) * rowHeight + 10);
}

/** Half of the rows left of the embedding, half right, each in the order of its tips from top to bottom: none overlap. */
function layOut(cell: EmbeddedCell, tips: readonly ClusterTip[]): Annotation[] {
  const { x, y } = squareDomains(cell);
  const height = figureHeight(tips.length);
  const top = (height - pixels) / 2;
  const placed = tips.map(tip => ({
    tip,
    from: [
      side + ((tip.x - x[0]) / (x[1] - x[0])) * pixels,
      top + ((y[1] - tip.y) / (y[1] - y[0])) * pixels,
    ] as const,
  }));
  placed.sort((a, b) => a.from[0] - b.from[0]);
  const half = Math.ceil(placed.length / 2);
  const column = (members: typeof placed, onLeft: boolean): Annotation[] =>
    [...members]
      .sort((a, b) => a.from[1] - b.from[1])
      .map(({ tip, from }, row) => ({
        tip,
        from,
        onLeft,
        to: [
          onLeft ? side - 30 : side + pixels + 30,
          ((row + 0.5) / members.length) * height + labelHeight / 2,
        ],
      }));
  return [...column(placed.slice(0, half), true), ...column(placed.slice(half), false)];
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
