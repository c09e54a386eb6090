// Figures as data: every point once, in its class's colour, at equal aspect; losses by epoch and stage.
import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { ndarray } from '../../numeric/arrays/array.ts';
import { colourOnDark } from '../../reports/figures/class-colours.ts';
import {
  drawingOrder,
  type EmbeddedCell,
  embeddingFigure,
  squareDomains,
} from '../../reports/figures/embedding.ts';
import { learningRateFigure, lossFigure } from '../../reports/figures/losses.ts';
import { mostCircles } from '../../reports/figures/many-points.ts';
import { renderPdf, renderPng, renderSvg } from '../../reports/render.ts';
import { madeUpCell, madeUpDataset, madeUpTraining } from './made-up-result.ts';

const dataset = madeUpDataset(300);
const cell = madeUpCell(300, 10) as EmbeddedCell;

/** The part of a specification that these tests look into. */
interface Figure {
  title: { text: string; subtitle: string[] };
  width: number;
  height: number;
  data: { values: Record<string, number | string>[] };
  encoding: Record<string, { axis: unknown; scale: { domain: (string | number)[]; range: unknown[] } }>;
}

describe('the embedding figure', () => {
  const figure = embeddingFigure(cell, dataset) as unknown as Figure;
  const { values } = figure.data;

  it('draws every image once, where it is and as what it is', () => {
    expect(values.map(({ index }) => index).sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 300 }, (_, i) => i),
    );
    for (const { x, y, index, class: name } of values) {
      const i = Number(index);
      expect(x).toBeCloseTo(cell.embedding.data[2 * i], 2);
      expect(y).toBeCloseTo(cell.embedding.data[2 * i + 1], 2);
      expect(name).toBe(dataset.classes[cell.labels.data[i]].name);
    }
  });

  it('draws them in an order that is random, and always the same', () => {
    const sorted = values.every(({ index }, i) => i === 0 || Number(index) > Number(values[i - 1].index));
    expect(sorted).toBe(false);
    expect(drawingOrder(cell)).toEqual(drawingOrder(cell));
  });

  it('says dataset, number of images, seed and both scores', () => {
    expect(figure.title.text).toBe('BloodMNIST, n = 300, seed 1');
    expect(figure.title.subtitle).toEqual([
      'kNN 70.5 %, silhouette 0.16',
      'bloodmnist/t-simcne/rot90/seed-1',
    ]);
  });

  it('has no axes, one length to both sides, and the class colours', () => {
    const { x, y, color } = figure.encoding;
    const extent = ({ scale: { domain } }: typeof x) => Number(domain[1]) - Number(domain[0]);
    expect([x.axis, y.axis]).toEqual([null, null]);
    expect(extent(x)).toBeCloseTo(extent(y), 9);
    expect(figure.width).toBe(figure.height);
    expect(color.scale.domain).toEqual(dataset.classes.map(({ name }) => name));
  });

  it('colours the classes as the paper does, but one that is dim where the background is dark', () => {
    const { range } = figure.encoding.color.scale;
    const [brown, grey] = [4, 5].map(label => dataset.classes[label].colour);
    expect(range.filter((_, label) => label !== 4)).toEqual(
      dataset.classes.filter((_, label) => label !== 4).map(({ colour }) => colour),
    );
    expect(range[4]).toEqual({ expr: `dark ? "${colourOnDark(brown)}" : "${brown}"` });
    expect(colourOnDark(grey)).toBe(grey);
  });

  it('fits all points in, with a margin, and is not undone by a point without a place', () => {
    const data = Float32Array.of(0, 0, 10, 4, NaN, 1, Infinity, 2);
    const lost: EmbeddedCell = {
      ...cell,
      embedding: ndarray(data, [4, 2]),
      labels: ndarray(new Int32Array(4), [4]),
    };
    const { x, y } = squareDomains(lost);
    [...x, ...y].forEach((bound, i) => {
      expect(bound).toBeCloseTo([-0.3, 10.3, -3.3, 7.3][i], 9);
    });
    expect([...drawingOrder(lost)].sort()).toEqual([0, 1]);
  });

  it('survives points that all coincide, or none', () => {
    for (const n of [0, 3]) {
      const flat = { ...cell, embedding: ndarray(new Float32Array(2 * n), [n, 2]) };
      expect(squareDomains(flat).x.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('class colours', () => {
  it('are lightened where a dark background would swallow them, and left alone elsewhere', () => {
    expect(colourOnDark('#ff7f0e')).toBe('#ff7f0e');
    expect(colourOnDark('#000000')).toBe('#ffffff');
    expect(colourOnDark('#800000')).toMatch(/^#[a-f][0-9a-f]([5-9][0-9a-f])\1$/);
    expect(colourOnDark('no colour')).toBe('no colour');
  });
});

describe('the loss figure', () => {
  const training = madeUpTraining('test', [4, 2, 3], 4);
  const values = (figure: unknown) => (figure as Figure).data.values;

  it('has one point an epoch, in its stage', () => {
    const points = values(lossFigure(training, ''));
    expect(points.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(points.map(({ value }) => value)).toEqual(training.losses);
    expect(points.map(({ stage }) => stage).join()).toBe(
      'pretrain,pretrain,pretrain,pretrain,linear,linear,fine-tune,fine-tune,fine-tune',
    );
  });

  it('ends where the training has got to, and leaves rates of 0 out of the logarithmic axis', () => {
    const begun = { ...training, losses: [5, NaN, 4], learningRates: [0, 0.06, 0.12] };
    expect(values(lossFigure(begun, '')).map(({ epoch }) => epoch)).toEqual([1, 3]);
    expect(values(learningRateFigure(begun, '')).map(({ epoch }) => epoch)).toEqual([2, 3]);
  });
});

describe('rendering', () => {
  it('makes an SVG with one circle a point and the title in it', async () => {
    const svg = await renderSvg(embeddingFigure(cell, dataset));
    expect(svg).toContain('BloodMNIST, n = 300, seed 1');
    const marks = /class="mark-symbol role-mark marks"[\s\S]*?<\/g>/.exec(svg)![0];
    expect(marks.match(/<path/g)).toHaveLength(300);
  });

  it('makes a PNG that shows the class colours', async () => {
    const png = await renderPng(embeddingFigure(cell, dataset));
    const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect(info.width).toBeGreaterThan(720);
    let orange = 0;
    for (let i = 0; i < data.length; i += 3)
      if (data[i] > 240 && Math.abs(data[i + 1] - 145) < 25 && data[i + 2] < 80) orange++;
    expect(orange).toBeGreaterThan(50);
  });

  it('makes a PDF of the figure’s size, in which points are circles and letters are letters', async () => {
    const pdf = await renderPdf(embeddingFigure(cell, dataset), 'An embedding');
    const [, width, height] = /MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf.toString('latin1'))!.map(Number);
    const { width: pixels } = await sharp(await renderPng(embeddingFigure(cell, dataset), 1)).metadata();
    expect([width, width > 360 && height > 360]).toEqual([pixels, true]);
    const drawing = inflated(pdf).find(text => text.includes('BT'))!;
    expect(drawing.match(/\nf\n/g)!.length).toBeGreaterThan(300);
    expect(drawing.match(/Tj/g)!.length).toBeGreaterThan(9); // title, subtitle, eight classes
    expect(pdf.toString('latin1')).toContain('/FontFile2');
  });

  it('makes one picture of more points than a file can bear, each still in its place and colour', async () => {
    const n = mostCircles + 1;
    const many = madeUpCell(n, 10) as EmbeddedCell;
    const figure = embeddingFigure(many, madeUpDataset(n));
    const svg = await renderSvg(figure);
    expect(svg.match(/<path/g)!.length).toBeLessThan(100);
    const [, png, ...place] =
      /href="data:image\/png;base64,([^"]+)" transform="translate\(([^,]+),([^)]+)\)" width="([^"]+)"/.exec(
        svg,
      )!;
    const [left, top, width] = place.map(Number);
    const picture = sharp(Buffer.from(png, 'base64'));
    const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
    const { x, y } = squareDomains(many);
    const image = drawingOrder(many).at(-1)!; // nothing lies above it
    const unit = 360 / (x[1] - x[0]);
    const column = (unit * (many.embedding.data[2 * image] - x[0]) - left) * (info.width / width);
    const row = (unit * (y[1] - many.embedding.data[2 * image + 1]) - top) * (info.width / width);
    const pixel = [...data.subarray(4 * (Math.floor(row) * info.width + Math.floor(column)))].slice(0, 3);
    const { colour } = dataset.classes[many.labels.data[image]];
    const wanted = [1, 3, 5].map(at => Number.parseInt(colour.slice(at, at + 2), 16));
    pixel.forEach((value, i) => {
      expect(Math.abs(value - wanted[i])).toBeLessThan(0.2 * 255); // points below show through by 15 %
    });
  });
});

/** The streams of a PDF that are compressed, as text. */
function inflated(pdf: Buffer): string[] {
  const streams = [...pdf.toString('latin1').matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)];
  return streams.flatMap(([, bytes]) => {
    try {
      return inflateSync(Buffer.from(bytes, 'latin1')).toString('latin1');
    } catch {
      return [];
    }
  });
}
