// The explorer's own reckoning, without a browser: searching, saving, turning, colouring.
import { expect, test } from 'vitest';
import { Random } from '../../numeric/random.ts';
import type { Embedding } from '../../reports/explorer/embedding.ts';
import { searchImages } from '../../reports/explorer/images/search.ts';
import { sharedImages } from '../../reports/explorer/images/shared-images.ts';
import { aligned, turning } from '../../reports/explorer/scatter/align.ts';
import { colouringNames, colouringOf, safeColours } from '../../reports/explorer/scatter/colouring.ts';
import { selectionCsv } from '../../reports/explorer/selection-csv.ts';

const classes = [
  { name: 'eosinophil', short: 'EOS', colour: '#ff7f0e', colourOnDark: '#ff7f0e' },
  { name: 'monocyte, "large"', short: 'MONO', colour: '#7f7f7f', colourOnDark: '#7f7f7f' },
  { name: 'monoblast', short: 'MOB', colour: '#000000', colourOnDark: '#ffffff' },
];
const embedding = {
  n: 6,
  classes,
  labels: Uint16Array.of(0, 1, 2, 0, 1, 2),
  predicted: Uint16Array.of(0, 1, 2, 1, 1, 2),
  positions: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
  disagreement: Float32Array.of(0, 0.2, 0.4, 0.6, 0.8, 1),
  silhouette: Float32Array.of(-1, -0.5, 0, 0.25, 0.5, 1),
  density: Float32Array.of(1000, 10, 100, 1, 1e6, 1e4),
} as unknown as Embedding;

test('images are found by number, range and class, each once, in order', () => {
  expect(searchImages('4, 0-1; 1', embedding)).toEqual({ images: [0, 1, 4] });
  expect(searchImages('eos', embedding)).toEqual({ images: [0, 3] });
  expect(searchImages('mono', embedding)).toEqual({ images: [1, 4] }); // the class MONO, not monoblasts too
  expect(searchImages('monob', embedding)).toEqual({ images: [2, 5] });
  expect(searchImages(' ', embedding)).toEqual({ images: [] });
});

test('words need no comma between them, and a name of several words stays one', () => {
  expect(searchImages('4 0 - 1 eos', embedding)).toEqual({ images: [0, 1, 3, 4] });
  const spaced = {
    ...embedding,
    classes: [...classes.slice(0, 2), { ...classes[2], name: 'smooth muscle' }],
  };
  expect(searchImages('smooth muscle, 0', spaced)).toEqual({ images: [0, 2, 5] });
  expect(searchImages('eos mono', embedding)).toEqual({ images: [0, 1, 3, 4] });
});

test('images of two embeddings are the same where they come from the same place of the same whole', () => {
  const side = (whole: string, sourceIndices: number[]) =>
    ({
      n: sourceIndices.length,
      data: { whole },
      sourceIndices: Uint32Array.from(sourceIndices),
    }) as unknown as Embedding;
  const shared = sharedImages(side('blood', [3, 5, 8, 9]), side('blood', [9, 2, 5]));
  expect([[...shared.left], [...shared.right]]).toEqual([
    [1, 3],
    [2, 0],
  ]);
  expect([0, 1, 3].map(image => shared.counterpart(image, 0))).toEqual([undefined, 2, 0]);
  expect([0, 1, 2].map(image => shared.counterpart(image, 1))).toEqual([3, undefined, 1]);
  expect(sharedImages(side('mine 1', [0]), side('mine 2', [0])).left).toHaveLength(0);
});

test('a turn that was found on some points moves the others, too', () => {
  const fixed = { x: Float32Array.of(0, 1, 2, 5), y: Float32Array.of(0, 3, 1, -2) };
  const moving = { x: fixed.y.map(value => 7 + value), y: fixed.x.map(value => 2 - value) }; // a quarter turn, moved
  const some = ({ x, y }: typeof fixed) => ({ x: x.subarray(0, 3), y: y.subarray(0, 3) });
  const { x, y } = turning(some(moving), some(fixed))(moving);
  [x, y].forEach((values, axis) => {
    const wanted = axis === 0 ? fixed.x : fixed.y;
    values.forEach((value, i) => {
      expect(value - values[0]).toBeCloseTo(wanted[i] - wanted[0], 5);
    });
  });
});

test('what cannot be found is said', () => {
  expect(searchImages('3, 6', embedding)).toEqual({ problem: '6: images are numbered 0 to 5' });
  expect(searchImages('2-1', embedding)).toEqual({ problem: '2-1: images are numbered 0 to 5' });
  expect(searchImages('basophil', embedding)).toEqual({ problem: 'basophil: neither a number nor a class' });
});

const known = {
  files: ['train/scan 001.png', 'train/scan 002.png', 'test/scan 010.png', 'a.png', 'b.png', 'c.png'],
  columns: [
    { name: 'patient', values: ['P1', 'P2', 'P1', '', 'P3', 'eos'] },
    { name: 'age', values: ['30', '40', '', '50', '60', '70'] },
  ],
};
const own = { ...embedding, known } as Embedding;

test('images of one’s own are found by columns and files, too', () => {
  expect(searchImages('p1', own)).toEqual({ images: [0, 2] });
  expect(searchImages('patient=P3, age=30', own)).toEqual({ images: [0, 4] });
  expect(searchImages('scan 00', own)).toEqual({ images: [0, 1] });
  expect(searchImages('eos', own)).toEqual({ images: [0, 3] }); // the class before the column
  expect(searchImages('2', own)).toEqual({ images: [2] });
  expect(searchImages('P9', own)).toEqual({
    problem: 'P9: neither a number, nor a class, nor in a name or column',
  });
});

test('a selection of one’s own images is saved with files and columns', () => {
  const lines = selectionCsv([0, 3], own).split('\r\n');
  expect(lines[0]).toBe(
    'image,file,class,x,y,predicted,neighbours_of_other_class,silhouette,density,patient,age',
  );
  expect(lines[1]).toBe('0,train/scan 001.png,eosinophil,0,1,eosinophil,0.0000,-1.0000,1000,P1,30');
  expect(lines[2]).toMatch(/^3,a\.png,.*,1,,50$/);
});

test('of what has no class no score is saved', () => {
  const lines = selectionCsv([0, 2], {
    ...embedding,
    noClass: 2,
    predicted: Uint16Array.of(0, 1, 1, 0, 0, 0),
  }).split('\r\n');
  expect(lines[1]).toMatch(/^0,eosinophil,0,1,eosinophil,0\.0000,-1\.0000,1000$/);
  expect(lines[2]).toBe('2,,4,5,"monocyte, ""large""",,,100');
});

test('columns colour images: words each in its colour, many numbers on a scale, what is not known grey', () => {
  const look = { dark: false, safe: false };
  const words = colouringOf(own, 'column 0', look);
  expect(words.words).toEqual(['not known', 'P1', 'P2', 'P3', 'eos']);
  expect([...words.values]).toEqual([1, 2, 1, 0, 3, 4]);
  expect(words.colours).toHaveLength(5);
  const ages = Array.from({ length: 20 }, (_, i) => (i === 3 ? '' : String(30 + i)));
  const scale = colouringOf(
    { ...own, known: { files: [], columns: [{ name: 'age', values: ages }] } },
    'column 0',
    look,
  );
  expect(scale).toMatchObject({ kind: 'continuous', ends: ['30', '49'] });
  const places = Array.from(scale.values, value => Math.round(value * (scale.colours.length - 1)));
  expect([places[0], places[3], places[19]]).toEqual([1, 0, 64]);
});

test('a selection is saved with the embedding’s own coordinates, and texts are quoted', () => {
  const lines = selectionCsv([3, 1], embedding).split('\r\n');
  expect(lines[0]).toBe('image,class,x,y,predicted,neighbours_of_other_class,silhouette,density');
  expect(lines[1]).toBe('3,eosinophil,6,7,"monocyte, ""large""",0.6000,0.2500,1');
  expect(lines.slice(2)).toEqual(['1,"monocyte, ""large""",2,3,"monocyte, ""large""",0.2000,-0.5000,10', '']);
});

test.each([
  ['turned', 1],
  ['turned and mirrored', -1],
])('an embedding that was %s is turned back', (_, mirror) => {
  const random = new Random(3);
  const x = Float32Array.from({ length: 50 }, () => random.normal());
  const y = Float32Array.from({ length: 50 }, () => 2 * random.normal());
  const [cosine, sine] = [Math.cos(2.2), Math.sin(2.2)];
  const moved = {
    x: x.map((value, i) => 3 + cosine * value - sine * mirror * y[i]),
    y: x.map((value, i) => sine * value + cosine * mirror * y[i] - 5),
  };
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const back = aligned(moved, { x, y });
  for (let i = 0; i < 50; i++) {
    expect(back.x[i]).toBeCloseTo(x[i] - mean(x), 4);
    expect(back.y[i]).toBeCloseTo(y[i] - mean(y), 4);
  }
});

test('every colouring gives every image a value among its colours', () => {
  for (const name of colouringNames) {
    const { kind, values, colours } = colouringOf(embedding, name, { dark: true, safe: false });
    const highest = kind === 'categorical' ? colours.length - 1 : 1;
    expect(values).toHaveLength(6);
    for (const value of values) expect(value >= 0 && value <= highest).toBe(true);
  }
  const { values } = colouringOf(embedding, 'density', { dark: false, safe: false });
  expect([...values].map(value => Math.round(5 * value))).toEqual([3, 1, 2, 0, 5, 4]);
});

test('the safe colours of eight classes are far apart for colour-blind eyes, the paper’s are not', () => {
  const paper = ['#1f77b4', '#ff7f0e', '#2ca02c', '#9467bd', '#8c564b', '#7f7f7f', '#bcbd22', '#17becf'];
  expect(closest(safeColours.slice(0, 8))).toBeGreaterThan(10 * closest(paper));
  expect(new Set(safeColours).size).toBe(15);
});

/** The smallest Oklab distance of two colours to normal, protanopic and deuteranopic eyes (Machado et al., 2009). */
function closest(colours: readonly string[]): number {
  const eyes = [
    [1, 0, 0, 0, 1, 0, 0, 0, 1],
    [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
    [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  ];
  let least = Number.POSITIVE_INFINITY;
  for (const eye of eyes) {
    const seen = colours.map(colour => oklab(times(eye, linear(colour))));
    seen.forEach((a, i) => {
      for (const b of seen.slice(i + 1))
        least = Math.min(least, Math.hypot(...a.map((value, j) => value - b[j])));
    });
  }
  return least;
}

function linear(colour: string): number[] {
  return [1, 3, 5].map(at => {
    const unit = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return unit <= 0.04045 ? unit / 12.92 : ((unit + 0.055) / 1.055) ** 2.4;
  });
}

function times(matrix: number[], vector: number[]): number[] {
  return [0, 3, 6].map(row => {
    const value = vector.reduce((sum, entry, i) => sum + matrix[row + i] * entry, 0);
    return Math.min(1, Math.max(0, value));
  });
}

/** B. Ottosson, "A perceptual color space for image processing", 2020. */
function oklab([r, g, b]: number[]): number[] {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
