// The reader of CIFAR-10's binary version: what it reads, and what it refuses.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { type CifarRules, readCifar10 } from '../../datasets/cifar10/cifar10.ts';
import { InvalidDataset } from '../../datasets/image-set.ts';
import { cifarBatch, cifarMembers, cifarRules, tarGz } from './cifar10-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = 'cifar-10-batches-bin';

function read(bytes: Uint8Array, rules: CifarRules = cifarRules) {
  const file = path.join(temporaryFolder(), 'cifar.tar.gz');
  writeFileSync(file, bytes);
  return readCifar10(file, rules);
}

it('joins the batches, training before test, whatever their order in the archive', async () => {
  const reversed = Object.fromEntries(Object.entries(cifarMembers()).reverse());
  for (const members of [cifarMembers(), reversed]) {
    const { images, labels } = await read(await tarGz(members));
    expect(images.shape).toEqual([60, 32, 32, 3]);
    for (let i = 0; i < 60; i++) {
      expect(images.data[i * 3072]).toBe(Math.floor(i / 10) + 1); // its batch's level of red
      expect(labels.data[i]).toBe((i % 10) % 3);
    }
  }
});

it('brings the three planes of an image to pixels', async () => {
  const { images } = await read(await tarGz(cifarMembers()));
  const second = cifarBatch(1).subarray(3073 + 1, 2 * 3073);
  for (const pixel of [0, 1, 31, 32, 1023]) {
    const levels = [...images.data.subarray(3072 + 3 * pixel, 3072 + 3 * pixel + 3)];
    expect(levels).toEqual([0, 1, 2].map(channel => second[channel * 1024 + pixel]));
  }
});

it.each<[string, Record<string, Uint8Array | undefined>, RegExp]>([
  [
    'a missing batch',
    { [`${folder}/data_batch_3.bin`]: undefined },
    /data_batch_3\.bin is missing, the archive holds data_batch_1\.bin/,
  ],
  [
    'a short batch',
    { [`${folder}/test_batch.bin`]: cifarBatch(6).subarray(1) },
    /test_batch\.bin must have 30730 bytes, found 30729/,
  ],
  [
    'a label beyond the classes',
    { [`${folder}/test_batch.bin`]: cifarBatch(6).fill(3, 0, 1) },
    /test_batch\.bin: labels must be in 0 … 2, found 3/,
  ],
  ['a bomb', { [`${folder}/more.bin`]: new Uint8Array(20 << 20) }, /unpacks to more than the \d+ bytes/],
])('refuses %s', async (_, changed, message) => {
  const members = Object.entries({ ...cifarMembers(), ...changed }).filter(
    ([, bytes]) => bytes !== undefined,
  );
  const reading = read(await tarGz(Object.fromEntries(members) as Record<string, Uint8Array>));
  await expect(reading).rejects.toThrow(InvalidDataset);
  await expect(reading).rejects.toThrow(message);
  await expect(reading).rejects.toThrow('"simcne data fetch cifar10"');
});

it('refuses what is truncated or no archive', async () => {
  const good = await tarGz(cifarMembers());
  for (const bytes of [
    good.subarray(0, -100),
    good.subarray(0, 5000),
    gzipSync(gunzipSync(good).subarray(0, 50_000)),
    gzipSync('<!doctype html>'.repeat(100)),
    Buffer.from('<!doctype html>'),
  ]) {
    await expect(read(bytes)).rejects.toThrow(InvalidDataset);
  }
});

it('refuses other numbers of images in the classes than are known', async () => {
  const bytes = await tarGz(cifarMembers());
  const reading = read(bytes, { ...cifarRules, classCounts: [20, 20, 20] });
  await expect(reading).rejects.toThrow('expected [20,20,20] images of the classes, found [24,18,18]');
});

it('follows no name out of its place: names are compared, nothing is unpacked to disk', async () => {
  const outside = path.join(temporaryFolder(), 'outside');
  const traversing = { [`../../../../../../..${outside}`]: Buffer.from('x'), [outside]: Buffer.from('x') };
  expect((await read(await tarGz({ ...traversing, ...cifarMembers() }))).labels.data.length).toBe(60);
  expect(existsSync(outside)).toBe(false);
});
