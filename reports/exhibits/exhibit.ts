// What the paper's figures have in common: their look, and a scatter plot as one panel of a larger figure.
import type { TopLevelSpec } from 'vega-lite';
import { drawingOrder, type EmbeddedCell, squareDomains } from '../figures/embedding.ts';
import type { DatasetResult } from '../result.ts';

/** A figure of the paper, drawn from an experiment's results. */
export interface Exhibit {
  /** File name without ending: `figure-2-bloodmnist`. */
  readonly name: string;
  /** What it is in the paper: `Figure 2`. */
  readonly place: string;
  readonly caption: string;
  readonly spec: TopLevelSpec;
}

/** What stands above a figure. */
export function titleOf({ title }: Exhibit['spec']): string {
  return typeof title === 'object' && title !== null && 'text' in title ? String(title.text) : '';
}

/** Pictures of single images as data URIs, by image. */
export type Tiles = ReadonlyMap<number, string>;

export const schema = 'https://vega.github.io/schema/vega-lite/v6.json';

/** Quiet, and the same in all: no frames, one font. */
export const look = {
  background: '#ffffff',
  padding: 8,
  config: {
    view: { stroke: null },
    font: 'Helvetica Neue, Helvetica, Arial, sans-serif',
    title: { fontSize: 12, fontWeight: 'normal', offset: 6 },
    legend: { title: null, labelFontSize: 11, symbolSize: 60, rowPadding: 3 },
  },
} as const;

/** A point of an embedding in a figure's data. */
export interface PointRow {
  readonly x: number;
  readonly y: number;
  readonly class: string;
}

/** All points in the order of drawing, five digits each: finer than any print. */
export function pointRows(cell: EmbeddedCell, { classes }: DatasetResult): PointRow[] {
  const { data } = cell.embedding;
  return Array.from(drawingOrder(cell), image => ({
    x: Number(data[2 * image].toPrecision(5)),
    y: Number(data[2 * image + 1].toPrecision(5)),
    class: classes[cell.labels.data[image]].short,
  }));
}

export interface PanelSettings {
  readonly pixels: number;
  /** Short names of the classes that the legend lists, in its order; none for no legend. */
  readonly legend: readonly string[];
}

/** A square scatter plot without axes, equal aspect, as a layer. */
export function scatterLayer(cell: EmbeddedCell, dataset: DatasetResult, { pixels, legend }: PanelSettings) {
  const { x, y } = squareDomains(cell);
  const { classes } = dataset;
  const area = Math.min(14, Math.max(0.8, (0.25 * pixels * pixels) / cell.labels.data.length));
  return {
    data: { values: pointRows(cell, dataset) },
    mark: { type: 'circle' as const, size: area, opacity: 0.8, aria: false },
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative' as const,
        axis: null,
        scale: { domain: x, nice: false, zero: false },
      },
      y: {
        field: 'y',
        type: 'quantitative' as const,
        axis: null,
        scale: { domain: y, nice: false, zero: false },
      },
      color: {
        field: 'class',
        type: 'nominal' as const,
        scale: { domain: classes.map(({ short }) => short), range: classes.map(({ colour }) => colour) },
        legend: legend.length > 0 ? { values: [...legend] } : null,
      },
    },
  };
}

/** A bold letter above the upper left corner of a panel. */
export function letterLayer(letter: string) {
  return {
    data: { values: [{}] },
    mark: { type: 'text' as const, fontWeight: 'bold' as const, fontSize: 13, align: 'left' as const },
    encoding: { x: { value: 0 }, y: { value: -12 }, text: { value: letter } },
  };
}

/** The classes that the paper's legends list, and their order; for other data sets all, as they are numbered. */
export function legendOrder(name: string, { classes }: Pick<DatasetResult, 'classes'>): string[] {
  const known = classes.map(({ short }) => short);
  const printed = printedOrders[name]?.filter(short => known.includes(short)) ?? [];
  return printed.length > 0 ? printed : known;
}

/** Figures 2 and 3, top to bottom. */
const printedOrders: Readonly<Record<string, readonly string[]>> = {
  leukemia: ['EBO', 'LYT', 'MYO', 'MON', 'EOS', 'NGS'],
  bloodmnist: ['NEU', 'EBO', 'PLA', 'EOS', 'MONO', 'GRA', 'LYMPH', 'BAS'],
  dermamnist: ['M.NEVI', 'OTHERS'],
};
