// Resizing and border colours against the reference vectors: Pillow, torchvision, the authors' code.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareWithGolden, readGoldenCase } from '../../infra/verify/golden-case.ts';
import { imageChecks } from '../../infra/verify/image-checks.ts';

const golden = path.join(import.meta.dirname, '../golden');

describe.each(Object.entries(imageChecks))('%s', (name, check) => {
  it.each(readdirSync(path.join(golden, name)))('%s', async folder => {
    const reference = await readGoldenCase(path.join(golden, name, folder));
    const comparisons = compareWithGolden(reference, await check(reference));
    expect(comparisons.filter(({ passed }) => !passed)).toEqual([]);
    const levels = comparisons.filter(({ name }) => name === 'resized' || name === 'cropped');
    expect(levels.map(({ absolute }) => absolute)).toEqual(levels.map(() => 0)); // Pillow's very levels
  });
});
