// A dataset that needs no download: discs, squares and stripes, drawn from a seed. For tests and for first tries.
import { ndarray } from '../numeric/arrays/array.ts';
import { Random } from '../numeric/random.ts';
import { classColours } from './class-colours.ts';
import type { Dataset } from './dataset.ts';
import { type ImageClass, type ImageSet, openInMemory } from './image-set.ts';

const size = 28;
const count = 600;

type Colour = [number, number, number];

/** Whether the point (x, y), in units of the shape's radius from its centre and turned with it, is inside. */
type Shape = (x: number, y: number) => boolean;

const drawn: Readonly<Record<string, Shape>> = {
  disc: (x, y) => x * x + y * y < 1,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.85,
  stripes: (x, y) => x * x + y * y < 1.4 && Math.abs((x * 1.5) % 1) < 0.5,
};

const colours = classColours(Object.keys(drawn).length);
const classes: readonly ImageClass[] = Object.keys(drawn).map((name, label) => ({
  name,
  short: name,
  colour: colours[label],
}));

export const shapes: Dataset = {
  name: 'shapes',
  title: 'Shapes',
  task: 'drawn discs, squares and stripes, of varying colour, size, place and direction',
  classes,
  count,
  imageSize: [size, size],
  licence: 'MIT, as this program',
  citation: 'drawn by this program',
  files: [],
  expectedCounts: classes.map(() => count / classes.length),
  open: async () => openInMemory(drawShapes({ count, seed: 0 })),
};

/**
 * `count` images `[count, 28, 28, 3]`; the classes take turns. Image i depends on the seed and on i alone, so a larger
 * set begins with the smaller one.
 */
export function drawShapes({ count, seed }: { count: number; seed: number }): ImageSet {
  const images = new Uint8Array(count * size * size * 3);
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes.length);
  const shapeOf = Object.values(drawn);
  for (let i = 0; i < count; i++) {
    const image = images.subarray(i * size * size * 3, (i + 1) * size * size * 3);
    drawShape(image, shapeOf[labels[i]], new Random(seed).fork('shapes', i));
  }
  return { images: ndarray(images, [count, size, size, 3]), labels: ndarray(labels, [count]), classes };
}

const samples = [0.25, 0.75]; // in each pixel, along either axis: edges come out smooth

function drawShape(image: Uint8Array, isInside: Shape, random: Random): void {
  const ground = randomColour(random, 200, 230);
  const ink = randomColour(random, 40, 90);
  const radius = random.uniform(7, 10);
  const [centreX, centreY] = [random.uniform(12, size - 12), random.uniform(12, size - 12)];
  const angle = random.uniform(0, 2 * Math.PI);
  const [cos, sin] = [Math.cos(angle) / radius, Math.sin(angle) / radius];
  const noise = random.uniform(2, 10); // levels, standard deviation
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let inside = 0;
      for (const dy of samples) {
        for (const dx of samples) {
          const [x, y] = [column + dx - centreX, row + dy - centreY];
          if (isInside(x * cos + y * sin, y * cos - x * sin)) inside += 1 / samples.length ** 2;
        }
      }
      for (let channel = 0; channel < 3; channel++) {
        const level = ground[channel] + inside * (ink[channel] - ground[channel]) + noise * random.normal();
        image[(row * size + column) * 3 + channel] = Math.min(255, Math.max(0, Math.round(level)));
      }
    }
  }
}

function randomColour(random: Random, low: number, high: number): Colour {
  return [random.uniform(low, high), random.uniform(low, high), random.uniform(low, high)];
}
