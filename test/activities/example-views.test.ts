// The views of the method's figure are those of the augmentation code.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { PreparedDataset } from '../../activities/artifact-files.ts';
import { exampleViews } from '../../activities/example-views.ts';
import type { Artifact } from '../../artifacts/store.ts';
import { ndarray } from '../../numeric/arrays/array.ts';
import { encodeNpy } from '../../numeric/arrays/npy.ts';
import { Random } from '../../numeric/random.ts';

test('each shows what its name says, and the corners of a rotation have the border’s colour', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'simcne-views-'));
  try {
    const size = 12;
    const random = new Random(4);
    const pixels = Uint8Array.from({ length: 3 * size * size * 3 }, () => random.integer(256));
    await writeFile(path.join(folder, 'images.npy'), encodeNpy(ndarray(pixels, [3, size, size, 3])));
    const description = { borderColour: [200, 100, 50] } as unknown as PreparedDataset;
    const { original, views, steps } = exampleViews({ folder } as Artifact, description, 1);
    const at = (image: Uint8Array, row: number, column: number) => [
      ...image.subarray((row * size + column) * 3, (row * size + column + 1) * 3),
    ];
    expect([...original.data]).toEqual([...pixels.subarray(size * size * 3, 2 * size * size * 3)]);
    const view = (name: string) => steps.find(step => step.name === name)!.view.data;
    expect(at(view('H-Flip'), 2, 3)).toEqual(at(original.data, 2, size - 1 - 3));
    expect(at(view('V-Flip'), 2, 3)).toEqual(at(original.data, size - 1 - 2, 3));
    expect(at(view('90° Rot.'), 2, 3)).toEqual(at(original.data, 3, size - 1 - 2));
    expect(new Set(at(view('Grayscale'), 5, 5)).size).toBe(1);
    expect(at(view('Rand Rot.'), 0, 0)).toEqual([200, 100, 50]);
    expect(steps.filter(({ isAdded }) => isAdded).map(({ name }) => name)).toEqual([
      'V-Flip',
      '90° Rot.',
      'Rand Rot.',
    ]);
    expect(views[0].data).not.toEqual(views[1].data);
  } finally {
    await rm(folder, { recursive: true });
  }
});
