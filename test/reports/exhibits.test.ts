// The paper's figures and tables as specifications: whose numbers and images they show, and where.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { ndarray } from '../../numeric/arrays/array.ts';
import { annotatedEmbeddingFigure } from '../../reports/exhibits/annotated-embedding.ts';
import { chooseClassExamples, classExamplesFigure } from '../../reports/exhibits/class-examples.ts';
import { clusterTips } from '../../reports/exhibits/cluster-tips.ts';
import { exhibitsOf } from '../../reports/exhibits/exhibits.ts';
import { fourMethods, fourMethodsFigure } from '../../reports/exhibits/four-methods.ts';
import { leastImages, majorityGrid, majorityGridFigure } from '../../reports/exhibits/majority-grid.ts';
import { methodFigure } from '../../reports/exhibits/method.ts';
import { matrixCsv, matrixLatex, matrixMarkdown, scoreMatrix } from '../../reports/exhibits/score-tables.ts';
import { readTiles } from '../../reports/exhibits/tiles.ts';
import type { EmbeddedCell } from '../../reports/figures/embedding.ts';
import { resultsTable } from '../../reports/table/results-table.ts';
import { madeUpDataset, madeUpResult, madeUpThumbnails } from './made-up-result.ts';

const n = 800;
const result = madeUpResult(n);
const dataset = madeUpDataset(n);
const cell = result.cells.find(one => one.address.includes('t-simcne/rot90')) as EmbeddedCell;
const tiles = new Map(Array.from({ length: n }, (_, image) => [image, `tile ${image}`]));

/** All data rows of a specification that have a field. */
function rowsWith(spec: unknown, field: string): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { values } = node as { values?: unknown };
    if (Array.isArray(values))
      rows.push(...values.filter(row => row && typeof row === 'object' && field in row));
    else for (const child of Object.values(node)) walk(child);
  };
  walk(spec);
  return rows;
}

/** The rows of frames: each image stands in two layers, picture and frame. */
const framed = (spec: unknown) =>
  rowsWith(spec, 'url').slice(0, rowsWith(spec, 'url').length / 2) as {
    image: number;
    url: string;
    colour: string;
    x: number;
    y: number;
  }[];

describe('figure 1', () => {
  const steps = ['H-Flip', 'Crop', 'V-Flip'].map((name, i) => ({
    name,
    isAdded: i === 2,
    url: `step ${name}`,
  }));
  const spec = methodFigure(
    { original: 'original', views: ['view 0', 'view 1'], steps },
    { name: 'ResNet', features: 128, hidden: 256 },
    'BloodMNIST, n = 800, image 3',
  );

  it('shows the image, two views of it and each augmentation, named; what the paper adds stands below', () => {
    const shown = framed(spec);
    expect(shown.map(({ url }) => url)).toEqual([
      'original',
      'view 0',
      'view 1',
      'step H-Flip',
      'step Crop',
      'step V-Flip',
    ]);
    expect(shown[5].y).toBeGreaterThan(shown[4].y);
    const texts = rowsWith(spec, 'text').map(({ text }) => text);
    for (const text of ['a', 'b', 'c', 'ResNet', '128', '256', '2', 'H-Flip', 'Crop', 'V-Flip'])
      expect(texts).toContain(text);
    expect((spec as { title: { text: string } }).title.text).toBe('BloodMNIST, n = 800, image 3');
  });

  it('ends every arrow in a head that points along it', () => {
    const arrows = rowsWith(spec, 'angleDegrees') as Record<string, number>[];
    expect(arrows).toHaveLength(2 * (10 + 2)); // a line and a head each
    for (const { x, y, x2, y2, headX, headY, angleDegrees } of arrows) {
      const along = (Math.atan2(y2 - y, x2 - x) * 180) / Math.PI;
      expect(angleDegrees).toBeCloseTo(along, 9);
      expect(Math.hypot(headX - x, headY - y)).toBeGreaterThan(Math.hypot(x2 - x, y2 - y));
    }
  });
});

describe('figure 2', () => {
  const chosen = fourMethods(result.cells, 'bloodmnist');
  const spec = fourMethodsFigure(chosen, 'bloodmnist', dataset) as unknown as {
    title: { text: string };
    hconcat: { title: { text: string[] } }[];
  };

  it('has the four methods in the paper’s order, each with its kNN accuracy; what lacks says why', () => {
    expect(spec.title.text).toBe('BloodMNIST, n = 800, seed 1');
    expect(spec.hconcat.map(({ title }) => title.text)).toEqual([
      ['t-SNE, pixel space', 'kNN acc. = 65.1 %'],
      ['t-SNE, ResNet18', 'failed'],
      ['t-SimCNE, def. augm.', 'kNN acc. = 68.5 %'],
      ['t-SimCNE, + 90° rot.', 'kNN acc. = 69.8 %'],
    ]);
  });

  it('shows every image in every panel, the last as it is', () => {
    const points = spec.hconcat.map(panel => rowsWith(panel, 'class'));
    expect(points.map(rows => rows.length)).toEqual([n, 0, n, n]);
    const places = new Set(points[3].map(({ x, y }) => `${x} ${y}`));
    const [x, y] = [0, 1].map(axis => Number(cell.embedding.data[2 * 17 + axis].toPrecision(5)));
    expect(places.has(`${x} ${y}`)).toBe(true);
  });
});

describe('figure 3', () => {
  it('shows three images of each class, framed in its colour, in the paper’s order', () => {
    const examples = chooseClassExamples(cell, dataset);
    expect(examples.map(({ short }) => short)).toEqual('NEU EBO PLA EOS MONO GRA LYMPH BAS'.split(' '));
    for (const { short, images } of examples) {
      expect(new Set(images).size).toBe(3);
      for (const image of images) expect(dataset.classes[cell.labels.data[image]].short).toBe(short);
    }
    const shown = framed(classExamplesFigure(cell, dataset, examples, tiles));
    expect(shown).toHaveLength(24);
    for (const { image, url, colour } of shown) {
      expect(url).toBe(`tile ${image}`);
      expect(colour).toBe(dataset.classes[cell.labels.data[image]].colour);
    }
  });
});

describe('figure 4', () => {
  const tips = clusterTips(cell, 8, { tipsPerClass: 2, imagesPerTip: 3 });

  it('points at every class, at one of its images, and takes images from the 15 nearest', () => {
    expect(tips.filter(({ rank }) => rank === 0).map(({ label }) => label)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const { data } = cell.embedding;
    for (const { label, x, y, images } of tips) {
      const distance = (image: number) => Math.hypot(data[2 * image] - x, data[2 * image + 1] - y);
      const near = Array.from({ length: n }, (_, image) => image).sort((a, b) => distance(a) - distance(b));
      expect(cell.labels.data[near[0]]).toBe(label);
      expect(new Set(images).size).toBe(3);
      for (const image of images) expect(near.indexOf(image)).toBeLessThan(15);
    }
  });

  it('finds both clusters of a class that has two, and one of a class that has one', () => {
    const places = Array.from({ length: 200 }, (_, i) => [i % 2 === 0 ? 0 : 50, 0.1 * (i % 10)]);
    const single = Array.from({ length: 100 }, (_, i) => [25, 40 + 0.1 * (i % 10)]);
    const data = Float32Array.from([...places, ...single].flat(), (value, i) => value + 1e-3 * Math.sin(i));
    const labels = Int32Array.from({ length: 300 }, (_, i) => (i < 200 ? 0 : 1));
    const two = { ...cell, embedding: ndarray(data, [300, 2]), labels: ndarray(labels, [300]) };
    const found = clusterTips(two, 2, { tipsPerClass: 3, imagesPerTip: 3 });
    const xs = found.filter(({ label }) => label === 0).map(({ x }) => Math.round(x));
    expect(xs.sort((a, b) => a - b)).toEqual([0, 50]);
  });

  it('lets no two images overlap, and no image lie on the embedding', () => {
    const spec = annotatedEmbeddingFigure(cell, dataset, tips, tiles);
    const shown = framed(spec);
    expect(shown).toHaveLength(3 * tips.length);
    shown.forEach((a, i) => {
      for (const b of shown.slice(i + 1)) {
        expect(Math.abs(a.x - b.x) >= 32 || Math.abs(a.y - b.y) >= 32).toBe(true);
      }
      expect(a.x < 150 - 15 || a.x > 550 + 15).toBe(true);
    });
  });
});

describe('figure 5', () => {
  it('keeps the paper’s hundred images a square for its size, and fewer in proportion', () => {
    expect([327_680, 107_180, 17_092, 3000].map(leastImages)).toEqual([100, 33, 5, 3]);
  });

  it('shows in each square an image of the class that is most frequent there', () => {
    const grid = majorityGrid(cell, 8, 5);
    const { data } = cell.embedding;
    const axes = [0, 1].map(axis => data.filter((_, i) => i % 2 === axis));
    const bounds = axes.map(values => [Math.min(...values), Math.max(...values)]);
    const length = Math.max(...bounds.map(([low, high]) => high - low));
    const placeOf = (image: number) =>
      bounds.map(([low, high], axis) =>
        Math.floor((10 * (data[2 * image + axis] - (low + high - length) / 2)) / length),
      );
    const counts = new Map<string, number[]>();
    for (let image = 0; image < n; image++) {
      const key = placeOf(image).join();
      const known = counts.get(key) ?? new Array<number>(8).fill(0);
      known[cell.labels.data[image]]++;
      counts.set(key, known);
    }
    for (const { row, column, count, label, image } of grid) {
      const here = counts.get(`${column},${row}`)!;
      expect(here.reduce((sum, value) => sum + value)).toBe(count);
      expect(here[label]).toBe(Math.max(...here));
      expect(cell.labels.data[image]).toBe(label);
      expect(placeOf(image)).toEqual([column, row]);
    }
    const full = [...counts].filter(
      ([key, here]) => !key.includes('10') && here.reduce((sum, value) => sum + value) >= 5,
    );
    expect(grid).toHaveLength(full.length);
    expect(framed(majorityGridFigure(cell, dataset, grid, tiles))).toHaveLength(grid.length);
  });
});

describe('tables 2 and 3', () => {
  const table = resultsTable(result);
  const matrix = scoreMatrix(table, 'knn');

  it('mark the best of a column, once', () => {
    const best = matrix.rows.filter(({ entries }) => entries[0]?.isBest);
    expect(best.map(({ group, label }) => `${group}, ${label}`)).toEqual(['t-SNE of SimCLR, + rand. rot.']);
    expect(matrixMarkdown(matrix)).toContain('| t-SNE of SimCLR, + rand. rot. | **75.7** |');
    expect(matrixMarkdown(matrix)).toContain('| t-SNE, ResNet152 | unavailable |');
  });

  it('are whole in CSV, and valid in LaTeX', () => {
    const [, first] = matrixCsv(matrix).split('\r\n');
    expect(first).toBe('t-SimCNE,def. augm.,bloodmnist,68.55,,1,done');
    const latex = matrixLatex(scoreMatrix(table, 'silhouette'));
    expect(latex).toContain('+ 90$^\\circ$ rot. & 0.17 \\\\');
    expect(latex.split('\n')[1]).toBe('\\begin{tabular}{lr}');
    expect(latex).toContain('pixel space & $-$0.00 \\\\');
    expect(latex.match(/\\midrule/g)).toHaveLength(3);
  });
});

describe('exhibits', () => {
  it('carry the images themselves', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'simcne-tiles-'));
    try {
      const thumbnails = await madeUpThumbnails(n, folder);
      const read = await readTiles(thumbnails, [5, 700]);
      for (const [image, uri] of read) {
        const png = Buffer.from(uri.split(',')[1], 'base64');
        const [red, , blue] = await sharp(png).removeAlpha().raw().toBuffer();
        expect((red / 64) * 256 + blue).toBe(image);
      }
      expect([...read.keys()]).toEqual([5, 700]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('are those that the results allow', async () => {
    const made = await exhibitsOf(result);
    expect(made.map(({ name }) => name)).toEqual([2, 3, 4, 5].map(number => `figure-${number}-bloodmnist`));
    for (const { spec } of made.slice(1)) {
      expect((spec as { title: { text: string } }).title.text).toBe(
        'BloodMNIST, n = 800, seed 1: kNN 69.8 %, silhouette 0.17',
      );
    }
    expect(await exhibitsOf({ ...result, cells: result.cells.slice(-2) })).toEqual([]);
  });
});
