// Claims about `verify`: whatever is wrong with a case, it fails with a reason; nothing to check is no success.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { verifyGolden } from '../../infra/verify/verify-golden.ts';
import { ndarray } from '../../numeric/arrays/array.ts';
import { encodeNpy } from '../../numeric/arrays/npy.ts';
import { temporaryFolder } from '../datasets/temporary-folder.ts';

const whole = new URL('../golden/border-colour/square/', import.meta.url).pathname;
let folder: string;
let place: string;

beforeEach(async () => {
  folder = temporaryFolder();
  place = path.join(folder, 'border-colour', 'square');
  await cp(whole, place, { recursive: true });
});

async function change(edit: (golden: { expected: Record<string, unknown> }) => void): Promise<void> {
  const golden = JSON.parse(await readFile(path.join(place, 'case.json'), 'utf8'));
  edit(golden);
  await writeFile(path.join(place, 'case.json'), JSON.stringify(golden));
}

test('a whole case passes, with its worst error', async () => {
  const [result] = await verifyGolden(folder);
  expect(result).toMatchObject({ check: 'border-colour', case: 'square', passed: true });
  expect(result.worst!.absolute).toBeLessThan(1e-6);
});

test('a check that is not known fails, by name', async () => {
  await mkdir(path.join(folder, 'border-color', 'square'), { recursive: true });
  const [unknown, known] = await verifyGolden(folder);
  expect(unknown).toMatchObject({ passed: false, reason: 'no check of the name "border-color" is known' });
  expect(known.passed).toBe(true);
});

test.each([
  ['without case.json', () => rm(path.join(place, 'case.json')), /case\.json/],
  [
    'with a case.json that breaks off',
    () => writeFile(path.join(place, 'case.json'), '{'),
    /^case\.json: .*JSON/,
  ],
  [
    'without expectations',
    () => change(golden => Object.assign(golden, { expected: undefined })),
    /^case\.json: .*expected/,
  ],
  ['without its input', () => rm(path.join(place, 'images.npy')), /images\.npy/],
  ['whose input is damaged', () => writeFile(path.join(place, 'images.npy'), 'x'), /^images\.npy: npy/],
  [
    'of another shape',
    () => change(golden => Object.assign(golden.expected, { fill: [1, 2] })),
    /^shape \[3\], expected \[2\]$/,
  ],
  [
    'that expects what is not computed',
    () => change(golden => Object.assign(golden.expected, { hue: 1 })),
    /^not computed$/,
  ],
  [
    'whose numbers differ',
    () => change(golden => Object.assign(golden.expected, { fill: [174, 162, 184] })),
    undefined,
  ],
])('a case %s fails, and says why', async (_, damage, reason) => {
  await damage();
  const [result] = await verifyGolden(folder);
  expect(result.passed).toBe(false);
  if (reason) expect(result.reason).toMatch(reason);
  else expect(result.worst).toEqual({ name: 'fill', absolute: 1, relative: 1 / 184 });
});

test('inputs are taken in whatever type holds them: losses of float64 rows', async () => {
  const name = path.join(folder, 'cauchy-info-nce', 'single-pair');
  await cp(new URL('../golden/cauchy-info-nce/single-pair/', import.meta.url).pathname, name, {
    recursive: true,
  });
  await writeFile(path.join(name, 'z.npy'), encodeNpy(ndarray(Float64Array.of(1, 2, 3, 4), [2, 2])));
  const results = await verifyGolden(folder);
  expect(results.find(({ check }) => check === 'cauchy-info-nce')).toMatchObject({ passed: true });
});
