// What the colour of a point can mean: its class, how its neighbours disagree, its silhouette, how dense it is there, or what stands in
// a column.
import type { Embedding } from '../embedding.ts';

export const colouringNames = ['class', 'error', 'silhouette', 'density'] as const;
export type ColouringName = (typeof colouringNames)[number];

/** The `i`-th column of what is known of the images. */
export type ColumnColouring = `column ${number}`;

/** Values of all images and the colours that they run through; whole numbers choose a colour, shares lie between. */
export interface Colouring {
  readonly kind: 'categorical' | 'continuous';
  /** `[n]`: places in `colours`, or 0 … 1. */
  readonly values: Float32Array;
  readonly colours: readonly string[];
  /** Words at the two ends of a continuous legend. */
  readonly ends?: readonly [low: string, high: string];
  /** What the colours of a column of words stand for. */
  readonly words?: readonly string[];
}

export interface Look {
  readonly dark: boolean;
  /** Classes in colours that the colour-blind tell apart, instead of the paper's. */
  readonly safe: boolean;
}

export function colouringOf(
  embedding: Embedding,
  name: ColouringName | ColumnColouring,
  look: Look,
): Colouring {
  const { labels, disagreement, silhouette, density } = embedding;
  const grey = look.dark ? '#4a4f55' : '#c9c5bd';
  if (isColumn(name)) return columnColouring(embedding.known!.columns[Number(name.slice(7))].values, grey);
  switch (name) {
    case 'class':
      return {
        kind: 'categorical',
        values: Float32Array.from(labels),
        colours: classColoursOf(embedding, look),
      };
    case 'error':
      return continuous(disagreement, value => value, [grey, '#d55e00'], ['none of 15', 'all of 15']);
    case 'silhouette': {
      const ends = look.dark ? ['#e08214', '#4a4f55', '#66a9d8'] : ['#b35806', '#d8d4cd', '#2166ac'];
      return continuous(silhouette, value => (value + 1) / 2, ends, ['−1', '1']);
    }
    case 'density': {
      const rank = ranks(density);
      const ends = look.dark ? ['#3f454c', '#2f8fa3', '#f4e9a6'] : ['#dedad2', '#4a9db0', '#16324f'];
      return continuous(rank, value => value, ends, ['sparsest', 'densest']);
    }
  }
}

function isColumn(name: string): name is ColumnColouring {
  return name.startsWith('column ');
}

const mostWords = 12; // of numbers: more are a scale

/** Words in colours of their own, the most frequent first; many different numbers on a scale; in grey what is not known. */
function columnColouring(values: readonly string[], grey: string): Colouring {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  const numbers = values.map(value => (value === '' ? Number.NaN : Number(value.replace(',', '.'))));
  const known = numbers.filter(Number.isFinite);
  if (counts.size > mostWords && numbers.every((number, i) => values[i] === '' || Number.isFinite(number))) {
    const [least, most] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
    const colours = Array.from({ length: steps }, (_, i) => between(scaleStops, i / (steps - 1)));
    const share = (number: number) =>
      Number.isFinite(number) ? 1 + ((steps - 1) * (number - least)) / (most - least) : 0;
    return {
      kind: 'continuous',
      values: Float32Array.from(numbers, number => share(number) / steps),
      colours: [grey, ...colours],
      ends: [String(least), String(most)],
    };
  }
  const words = [...counts].sort(([, a], [, b]) => b - a).map(([word]) => word);
  const places = new Map(words.map((word, place) => [word, 1 + place]));
  return {
    kind: 'categorical',
    values: Float32Array.from(values, value => places.get(value) ?? 0),
    colours: [grey, ...words.map((_, i) => safeColours[i % safeColours.length])],
    words: [values.includes('') ? 'not known' : '', ...words],
  };
}

const scaleStops = ['#3b4cc0', '#7fb8ad', '#f2d76b', '#d1495b'];

/** The classes' colours: the paper's, those that a dark background needs, or safe ones. */
export function classColoursOf({ classes }: Pick<Embedding, 'classes'>, { dark, safe }: Look): string[] {
  if (safe) return classes.map((_, label) => safeColours[label % safeColours.length]);
  return classes.map(({ colour, colourOnDark }) => (dark ? colourOnDark : colour));
}

/**
 * Fifteen colours for the colour-blind (M. Krzywinski, "Color palettes for color blindness", mk.bcgsc.ca), in an order in
 * which each is as far as can be from those before it, for normal, protanopic and deuteranopic eyes.
 */
export const safeColours: readonly string[] = [
  '#009ffa',
  '#ffdc3d',
  '#008607',
  '#ef0096',
  '#9400e6',
  '#f60239',
  '#008169',
  '#ffcfe2',
  '#00dcb5',
  '#00e307',
  '#ff71fd',
  '#6a0213',
  '#003c86',
  '#68023f',
  '#7cfffa',
];

const steps = 64;

function continuous(
  numbers: Float32Array,
  share: (value: number) => number,
  stops: readonly string[],
  ends: readonly [string, string],
): Colouring {
  const values = numbers.map(number => Math.min(1, Math.max(0, share(number))));
  const colours = Array.from({ length: steps }, (_, i) => between(stops, i / (steps - 1)));
  return { kind: 'continuous', values, colours, ends };
}

/** The colour at a share of the way through some, mixed in sRGB. */
function between(stops: readonly string[], share: number): string {
  const place = share * (stops.length - 1);
  const first = Math.min(stops.length - 2, Math.floor(place));
  const channels = (colour: string) => [1, 3, 5].map(at => Number.parseInt(colour.slice(at, at + 2), 16));
  const [from, to] = [channels(stops[first]), channels(stops[first + 1])];
  const mixed = from.map((value, i) => Math.round(value + (to[i] - value) * (place - first)));
  return `#${mixed.map(value => value.toString(16).padStart(2, '0')).join('')}`;
}

/** The share of points that are less dense: density spans decades, its rank does not. */
function ranks(values: Float32Array): Float32Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const result = new Float32Array(values.length);
  order.forEach((image, rank) => {
    result[image] = rank / Math.max(1, values.length - 1);
  });
  return result;
}
