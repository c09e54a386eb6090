// Figure 1: how t-SimCNE learns, and the augmentations, drawn by the code that training uses.
import type { TopLevelSpec } from 'vega-lite';
import { framedImages, place } from './class-examples.ts';
import { look, schema } from './exhibit.ts';

/** Pictures are data URIs. */
export interface MethodPictures {
  readonly original: string;
  readonly views: readonly string[];
  readonly steps: readonly { readonly name: string; readonly isAdded: boolean; readonly url: string }[];
}

/** Widths of the network's layers: backbone's features and hidden layer of the head. */
export interface NetworkWidths {
  readonly name: string;
  readonly features: number;
  readonly hidden: number;
}

const [width, height, tile] = [760, 230, 44];
const [upper, middle, lower] = [75, 125, 175];

export function methodFigure(
  { original, views, steps }: MethodPictures,
  network: NetworkWidths,
  title: string,
): TopLevelSpec {
  const pictures = [
    { url: original, x: 32, y: middle },
    { url: views[0], x: 150, y: upper },
    { url: views[1], x: 150, y: lower },
    ...stepTiles(steps),
  ].map((one, image) => ({ image, colour: '#d0d0d0', ...one }));
  return {
    $schema: schema,
    ...look,
    title: { text: title, anchor: 'start', fontSize: 11, color: '#666666' },
    width,
    height,
    layer: [
      ...framedImages(pictures, tile, 1),
      ...arrows([
        [58, middle - 6, 122, upper + 8],
        [58, middle + 6, 122, lower - 8],
        ...[upper, lower].flatMap(y => [
          [176, y, 200, y],
          [258, y, 274, y],
          [290, y, 306, y],
          [322, y, 338, y],
        ]),
      ]),
      ...trapezoids(),
      bars(),
      texts([
        ...[upper, lower].flatMap(y => [
          { text: network.name, x: 230, y, size: 10 },
          { text: String(network.features), x: 282, y: y + 38, size: 10 },
          { text: String(network.hidden), x: 314, y: y + 44, size: 10 },
          { text: '2', x: 345, y: y + 18, size: 10 },
        ]),
        { text: 'data aug-', x: 84, y: upper - 8, size: 10 },
        { text: 'mentation', x: 84, y: upper + 4, size: 10 },
        { text: 'attract', x: 386, y: middle, size: 10 },
        ...stepTiles(steps).map(({ name, x, y }) => ({ text: name, x, y: y + 34, size: 10 })),
      ]),
      ...arrows([
        [354, upper + 6, 378, middle - 9],
        [354, lower - 6, 378, middle + 9],
      ]),
      texts(
        [
          { text: 'a', x: 8, y: 20, size: 14 },
          { text: 'b', x: 440, y: 20, size: 14 },
          { text: 'c', x: 440, y: 130, size: 14 },
        ],
        'bold',
      ),
    ],
    resolve: { scale: { color: 'independent', x: 'independent', y: 'independent' } },
  };
}

/** The set `default` in the upper row, what the paper adds in the lower, and what an experiment's own sets add. */
function stepTiles(steps: MethodPictures['steps']) {
  return [false, true].flatMap(isAdded =>
    steps
      .filter(step => step.isAdded === isAdded)
      .map(({ name, url }, i, { length }) => ({
        ...{ name, url },
        x: 490 + i * (length > 4 ? 56 : 70),
        y: isAdded ? 165 : 55,
      })),
  );
}

/** Lines that end in a head. */
function arrows(lines: number[][]) {
  const values = lines.map(([x, y, tipX, tipY]) => {
    const length = Math.hypot(tipX - x, tipY - y);
    const [right, down] = [(tipX - x) / length, (tipY - y) / length];
    const [x2, y2] = [tipX - right * headLength, tipY - down * headLength];
    const head = { headX: tipX - (right * headLength) / 2, headY: tipY - (down * headLength) / 2 };
    return { x, y, x2, y2, ...head, angleDegrees: (Math.atan2(down, right) * 180) / Math.PI };
  });
  const color = '#888888';
  return [
    {
      data: { values },
      mark: { type: 'rule' as const, color, strokeWidth: 1 },
      encoding: { x: place('x'), y: place('y'), x2: { field: 'x2' }, y2: { field: 'y2' } },
    },
    {
      data: { values },
      mark: {
        type: 'point' as const,
        filled: true,
        shape: arrowHead,
        size: headLength ** 2,
        color,
        opacity: 1,
      },
      encoding: {
        x: place('headX'),
        y: place('headY'),
        angle: { field: 'angleDegrees', type: 'quantitative' as const, scale: null },
      },
    },
  ];
}

const headLength = 7;
/** A path within [−1, 1], of which one unit is half the side of the square that a point's `size` states. */
const arrowHead = 'M-1,-0.7L1,0L-1,0.7Z';

/** The network narrows from image to features. */
function trapezoids() {
  return [upper, lower].map(y => ({
    data: {
      values: [
        { x: 200, low: y - 32, high: y + 32 },
        { x: 258, low: y - 18, high: y + 18 },
      ],
    },
    mark: { type: 'area' as const, color: '#cfe0ea', line: false },
    encoding: { x: place('x'), y: place('low'), y2: { field: 'high' } },
  }));
}

/** Layers of the head: features, hidden units, and two coordinates. */
function bars() {
  const values = [upper, lower].flatMap(y =>
    [
      { x: 274, x2: 290, half: 26 },
      { x: 306, x2: 322, half: 32 },
      { x: 338, x2: 352, half: 8 },
    ].map(({ x, x2, half }) => ({ x, x2, y: y - half, y2: y + half })),
  );
  return {
    data: { values },
    mark: { type: 'rect' as const, color: '#8fb4c8' },
    encoding: { x: place('x'), x2: { field: 'x2' }, y: place('y'), y2: { field: 'y2' } },
  };
}

function texts(
  values: { text: string; x: number; y: number; size: number }[],
  fontWeight: 'normal' | 'bold' = 'normal',
) {
  return {
    data: { values },
    mark: { type: 'text' as const, fontWeight, fontSize: values[0].size },
    encoding: { x: place('x'), y: place('y'), text: { field: 'text', type: 'nominal' as const } },
  };
}
