// Figure 3: an embedding, and beside it three images of each class.
import type { TopLevelSpec } from 'vega-lite';
import { Random } from '../../numeric/random.ts';
import { type EmbeddedCell, embeddingTitle } from '../figures/embedding.ts';
import type { DatasetResult } from '../result.ts';
import { legendOrder, look, scatterLayer, schema, type Tiles } from './exhibit.ts';

const [pixels, tile, gap, labelHeight, perClass] = [330, 26, 5, 13, 3];

/** Images of one class, framed in its colour. */
export interface ClassExamples {
  readonly short: string;
  readonly colour: string;
  readonly images: readonly number[];
}

/** Three random images of each class that the figure lists, always the same. */
export function chooseClassExamples(cell: EmbeddedCell, dataset: DatasetResult): ClassExamples[] {
  const order = new Random(0).fork('class examples').permutation(cell.labels.data.length);
  return legendOrder(cell.dataset, dataset).map(short => {
    const label = dataset.classes.findIndex(one => one.short === short);
    const images = [...order.filter(image => cell.labels.data[image] === label).subarray(0, perClass)];
    return { short, colour: dataset.classes[label].colour, images };
  });
}

export function classExamplesFigure(
  cell: EmbeddedCell,
  dataset: DatasetResult,
  examples: readonly ClassExamples[],
  tiles: Tiles,
): TopLevelSpec {
  const block = labelHeight + tile + 2 * gap;
  const height = Math.max(pixels, examples.length * block);
  const labels = examples.map(({ short, colour }, i) => ({ short, colour, y: i * block + labelHeight / 2 }));
  const images = examples.flatMap(({ colour, images: chosen }, i) =>
    chosen.map((image, place) => ({
      image,
      colour,
      url: tiles.get(image),
      x: place * (tile + gap) + tile / 2 + 2,
      y: i * block + labelHeight + tile / 2 + 3,
    })),
  );
  return {
    $schema: schema,
    ...look,
    title: { text: embeddingTitle(cell, dataset), anchor: 'start' },
    spacing: 18,
    hconcat: [
      { width: pixels, height, layer: [scatterLayer(cell, dataset, { pixels, legend: [] })] },
      {
        width: perClass * (tile + gap) + 8,
        height,
        layer: [
          {
            data: { values: labels },
            mark: { type: 'text', align: 'left', fontSize: 10, fontWeight: 'bold', x: 2 },
            encoding: {
              y: place('y'),
              text: { field: 'short', type: 'nominal' },
              color: { field: 'colour', type: 'nominal', scale: null },
            },
          },
          ...framedImages(images, tile),
        ],
      },
    ],
    resolve: { scale: { color: 'independent', x: 'independent', y: 'independent' } },
  };
}

/** An image at a place in pixels, framed in a colour. */
export interface FramedImage {
  readonly image: number;
  readonly colour: string;
  readonly url: string | undefined;
  readonly x: number;
  readonly y: number;
}

/** Two layers: pictures, and frames around them; a frame without a picture stays empty. */
export function framedImages(values: readonly FramedImage[], size: number, frame = 2) {
  const data = { values: [...values] };
  return [
    {
      data: { values: values.filter(({ url }) => url !== undefined) },
      mark: { type: 'image' as const, width: size, height: size },
      encoding: { x: place('x'), y: place('y'), url: { field: 'url', type: 'nominal' as const } },
    },
    {
      data,
      mark: {
        type: 'point' as const,
        shape: 'square',
        size: (size + frame) ** 2,
        filled: false,
        strokeWidth: frame,
        opacity: 1,
      },
      encoding: {
        x: place('x'),
        y: place('y'),
        color: { field: 'colour', type: 'nominal' as const, scale: null },
      },
    },
  ];
}

/** A field that is a place in pixels already. */
export function place(field: string) {
  return { field, type: 'quantitative' as const, scale: null, axis: null };
}
