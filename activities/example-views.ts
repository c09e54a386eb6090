// One image and what each augmentation makes of it, by the code that training uses: for the figure of the method.
import path from 'node:path';
import type { Artifact } from '../artifacts/store.ts';
import type { Operation } from '../experiments/augmentation-operations.ts';
import { augment } from '../learning/augmentations/augment.ts';
import {
  drawViewParameters,
  unchangedView,
  type ViewParameters,
} from '../learning/augmentations/view-parameters.ts';
import { type NdArray, ndarray } from '../numeric/arrays/array.ts';
import { type NpyFile, npyFile, openRows } from '../numeric/arrays/npy-file.ts';
import { Random } from '../numeric/random.ts';
import type { ExampleViews } from '../reports/result.ts';
import type { PreparedDataset } from './artifact-files.ts';

/** The views of one image of a prepared data set; `own` are the operations of sets that are not the paper's. */
export function exampleViews(
  prepared: Artifact,
  { borderColour }: PreparedDataset,
  image: number,
  own: readonly Operation[] = [],
): ExampleViews {
  const original = readImage(path.join(prepared.folder, 'images.npy'), image);
  const [size] = original.shape;
  const view = (parameters: ViewParameters) =>
    augment(
      original,
      parameters,
      borderColour,
      ndarray(new Uint8Array(original.data.length), original.shape),
    );
  const random = new Random(1).fork('example views');
  return {
    image,
    original,
    views: [0, 1].map(which => view(drawViewParameters(random.fork(which), 'rot90', size))),
    steps: [...steps, ...furtherSteps.filter(({ of }) => own.some(({ operation }) => operation === of))].map(
      ({ name, isAdded, change }) => ({
        name,
        isAdded,
        view: view({ ...unchangedView(size), ...change(size) }),
      }),
    ),
  };
}

interface Step {
  readonly name: string;
  readonly isAdded: boolean;
  readonly change: (size: number) => Partial<ViewParameters>;
}

/** The tiles of the paper's figure 1, b and c, with parameters that show what each does. */
const steps: readonly Step[] = [
  { name: 'H-Flip', isAdded: false, change: () => ({ flipHorizontally: true }) },
  {
    name: 'Crop',
    isAdded: false,
    change: size => {
      const side = Math.round(0.6 * size);
      const corner = Math.round(0.15 * size);
      return { crop: { top: corner, left: corner, height: side, width: side } };
    },
  },
  {
    name: 'Jitter',
    isAdded: false,
    change: () => ({
      jitter: {
        brightness: 0.85,
        contrast: 1.3,
        saturation: 1.3,
        hue: -0.08,
        order: ['brightness', 'contrast', 'saturation', 'hue'],
      },
    }),
  },
  { name: 'Grayscale', isAdded: false, change: () => ({ grayscale: true }) },
  { name: 'V-Flip', isAdded: true, change: () => ({ flipVertically: true }) },
  { name: '90° Rot.', isAdded: true, change: () => ({ quarterTurns: 1 }) },
  { name: 'Rand Rot.', isAdded: true, change: () => ({ angleDegrees: 35 }) }, // as the paper shows it
];

/** What the paper has not, shown where an experiment has it. */
const furtherSteps: readonly (Step & { of: Operation['operation'] })[] = [
  {
    ...{ of: 'stainJitter', name: 'Stain', isAdded: true },
    change: () => ({ stains: { factors: [1.4, 0.7, 1], shifts: [0.03, -0.02, 0] } }),
  },
  {
    ...{ of: 'gaussianBlur', name: 'Blur', isAdded: true },
    change: () => ({ blur: { kernel: 5, sigma: 1.5 } }),
  },
];

function readImage(file: string, image: number): NdArray<Uint8Array> {
  const rows = openRows(npyFile(file) as NpyFile<Uint8Array>);
  try {
    const { data, shape } = rows.read(image, image + 1);
    return ndarray(data.slice(), shape.slice(1));
  } finally {
    rows.close();
  }
}
