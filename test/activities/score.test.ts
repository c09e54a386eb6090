// The score of images that somebody brought: of those with a class, with groups on one side; none where there is nothing to tell apart.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { score } from '../../activities/steps/score.ts';
import { ndarray } from '../../numeric/arrays/array.ts';
import { encodeNpy } from '../../numeric/arrays/npy.ts';
import { Random } from '../../numeric/random.ts';
import { groupedSplit } from '../../numeric/scores/grouped-split.ts';
import { knnAccuracy } from '../../numeric/scores/knn-accuracy.ts';
import { silhouette } from '../../numeric/scores/silhouette.ts';
import { temporaryFolder } from '../datasets/temporary-folder.ts';

const n = 200;
const random = new Random(1);
const points = ndarray(
  Float32Array.from({ length: 2 * n }, (_, i) => 2 * (Math.floor(i / 2) % 2) + random.normal()),
  [n, 2],
);
const settings = { neighbours: 15, testFraction: 0.1, seed: 0 };

async function scored(
  labels: Int32Array,
  { own = true, groups }: { own?: boolean; groups?: Int32Array } = {},
) {
  const folder = temporaryFolder();
  const write = (name: string, array: Parameters<typeof encodeNpy>[0]) =>
    writeFileSync(path.join(folder, name), encodeNpy(array));
  write('embedding.npy', points);
  write('labels.npy', ndarray(labels, [n]));
  if (groups) write('groups.npy', ndarray(groups, [n]));
  const description = {
    ...{ dataset: 'mine', title: 'Mine', n, nWhole: n, imageSize: 28, classes: [], borderColour: [0, 0, 0] },
    ...{ thumbnails: { columns: 1, tile: 1 }, ...(own && { own }) },
  };
  writeFileSync(path.join(folder, 'dataset.json'), JSON.stringify(description));
  const inputs = { embedding: { step: 'embed', folder }, images: { step: 'prepare', folder } } as const;
  const job = { settings, inputs, folder, threads: 1, onProgress: () => {} };
  return (await score(job as unknown as Parameters<typeof score>[0])).summary;
}

const classes = Int32Array.from({ length: n }, (_, i) => i % 2);

it('is that of the images with a class, as if there were no others', async () => {
  const some = classes.map((label, i) => (i % 5 === 0 ? -1 : label));
  const known = Int32Array.from(some.keys()).filter(i => some[i] >= 0);
  const part = ndarray(
    Float32Array.from([...known].flatMap(i => [points.data[2 * i], points.data[2 * i + 1]])),
    [160, 2],
  );
  const labels = some.filter(label => label >= 0);
  expect(await scored(some)).toEqual({
    n: 160,
    knn: knnAccuracy(part, labels, settings),
    silhouette: await silhouette(part, labels),
  });
});

it('keeps groups on one side of the split, and says how many there are', async () => {
  const groups = Int32Array.from({ length: n }, (_, i) => Math.floor(i / 7));
  const split = groupedSplit(classes, groups, settings);
  expect(await scored(classes, { groups })).toMatchObject({
    groups: 29,
    knn: knnAccuracy(points, classes, { ...settings, split }),
  });
});

it('is none without classes; of published images that is an error', async () => {
  expect(await scored(new Int32Array(n).fill(-1))).toEqual({ n: 0 });
  expect(await scored(new Int32Array(n))).toEqual({ n });
  await expect(
    scored(
      classes.map((_, i) => Number(i === 3)),
      { own: false },
    ),
  ).rejects.toThrow(/every class needs two members/);
});
