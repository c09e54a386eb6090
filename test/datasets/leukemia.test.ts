// The reader of the leukemia images: both forms of the archive, and what it refuses.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { packFolder } from '../../datasets/fetching/pack-folder.ts';
import { InvalidDataset, type OpenDataset } from '../../datasets/image-set.ts';
import { openLeukemia } from '../../datasets/leukemia/leukemia.ts';
import { resizeBicubic } from '../../datasets/resize.ts';
import { ndarray } from '../../numeric/arrays/array.ts';
import { encodeNpy } from '../../numeric/arrays/npy.ts';
import { hdf5 } from './hdf5-file.ts';
import {
  annotations,
  cellImage,
  labels,
  leukemiaRules,
  medimetaMembers,
  originals,
  tiff,
  writeFolder,
  zip,
} from './leukemia-files.ts';
import { temporaryFolder } from './temporary-folder.ts';

type Members = Record<string, Uint8Array | undefined>;
const medimeta = await medimetaMembers();
const tcia = await originals();
const labelArray = 'aml/task_labels/morphological class.npy';
const folderOf = 'PKG - AML-Cytomorphology_LMU/AML-Cytomorphology';
const all = Int32Array.from(labels.keys());
const digest = (levels: Uint8Array) => createHash('md5').update(levels).digest('hex');

async function openZipOf(members: Members, rules = leukemiaRules) {
  const folder = temporaryFolder();
  const file = path.join(folder, 'aml.zip');
  writeFileSync(file, zip(members));
  return openLeukemia(file, path.join(folder, 'scratch'), rules);
}

/** Digests of the images: many levels are compared slowly. */
async function imagesOf(open: OpenDataset, indices = all): Promise<string[]> {
  const images: string[] = [];
  for await (const { data, shape } of open.images(indices)) {
    expect(shape.slice(1)).toEqual([224, 224, 3]);
    for (let i = 0; i < shape[0]; i++) images.push(digest(data.subarray(i * 150_528, (i + 1) * 150_528)));
  }
  return images;
}

describe('MedIMeta’s archive', () => {
  it.each<[string, Members]>([
    ['with an array of labels', { 'aml/annotations.csv': undefined }],
    ['with a table of labels', { [labelArray]: undefined }],
  ])('is read %s', async (_, without) => {
    const open = await openZipOf({ ...medimeta, ...without });
    expect([...open.labels.data]).toEqual(labels);
    expect(await imagesOf(open)).toEqual(labels.map((_, i) => digest(cellImage(i, 224).data)));
    expect(await imagesOf(open, Int32Array.of(2, 7))).toEqual(
      [2, 7].map(i => digest(cellImage(i, 224).data)),
    );
  });

  it('is read where it holds one HDF5 file instead of TIFFs', async () => {
    const levels = Buffer.concat(labels.map((_, i) => cellImage(i, 224).data));
    const file = await hdf5({ images: ndarray(new Uint8Array(levels), [9, 224, 224, 3]) });
    const folder = temporaryFolder();
    const archive = path.join(folder, 'aml.zip');
    writeFileSync(archive, zip({ 'images.hdf5': file, 'annotations.csv': annotations(labels) }));
    const open = await openLeukemia(archive, path.join(folder, 'scratch'), leukemiaRules);
    expect(await imagesOf(open, Int32Array.of(0, 3, 8))).toEqual(
      [0, 3, 8].map(i => digest(cellImage(i, 224).data)),
    );
    expect(readdirSync(path.join(folder, 'scratch'))).toEqual([]);
  });
});

describe('TCIA’s originals', () => {
  const resized = labels.map((_, i) => digest(resizeBicubic(cellImage(i, 400, 4), 224).data));

  it('are read in the order of their names, and go through 224×224', async () => {
    const open = await openZipOf(Object.fromEntries(Object.entries(tcia).reverse()));
    expect([...open.labels.data]).toEqual(labels);
    expect(await imagesOf(open)).toEqual(resized);
  });

  it('are read from the folder that the download leaves, packed', async () => {
    const folder = temporaryFolder();
    writeFolder(path.join(folder, 'download'), { ...tcia, 'abbreviations.txt': Buffer.from('BAS Basophil') });
    const archives = ['a.zip', 'b.zip'].map(name => path.join(folder, name));
    for (const archive of archives)
      await packFolder(path.join(folder, 'download'), archive, /\.(tiff?|dat)$/);
    const open = await openLeukemia(archives[0], path.join(folder, 'scratch'), leukemiaRules);
    expect(await imagesOf(open)).toEqual(resized);
    expect(Buffer.compare(...(archives.map(archive => readFileSync(archive)) as [Buffer, Buffer]))).toBe(0);
  });

  it('are read where the list of annotations is not there, and a name is odd', async () => {
    const { [`${folderOf}/EOS/EOS_0002.tiff`]: last, 'annotations.dat': _, ...rest } = tcia;
    const open = await openZipOf({ ...rest, [`${folderOf}/EOS/EOS_0002.tiff.tiff`]: last });
    expect([...open.labels.data]).toEqual(labels);
  });
});

describe('openLeukemia', () => {
  const grey = sharp({ create: { width: 224, height: 224, channels: 3, background: '#888' } });

  it.each<[string, () => Members | Promise<Members>, RegExp]>([
    [
      'an archive of neither form',
      () => ({ 'cats/cat.tiff': Buffer.of(1) }),
      /expected MedIMeta's images\/000000\.tiff … or TCIA's folders BAS\/ … EOS\/, found cats\/cat\.tiff/,
    ],
    [
      'missing labels',
      () => ({ ...medimeta, 'aml/annotations.csv': undefined, [labelArray]: undefined }),
      /the labels are missing: task_labels\/morphological class\.npy, or annotations\.csv/,
    ],
    [
      'a table with a gap',
      () => ({ ...medimeta, 'aml/annotations.csv': annotations([0, '', 2]), [labelArray]: undefined }),
      /annotations\.csv: row 2 has no "tasks\/morphological class"/,
    ],
    [
      'too few labels',
      () => ({ ...medimeta, [labelArray]: encodeNpy(ndarray(Int32Array.of(0, 1), [2])) }),
      /2 labels for 9 images/,
    ],
    [
      'a label beyond the classes',
      () => ({
        ...medimeta,
        'aml/annotations.csv': annotations([...labels.slice(1), 15]),
        [labelArray]: undefined,
      }),
      /in 0 … 2, found 15/,
    ],
    [
      'a missing image',
      () => ({ ...medimeta, 'aml/images/000004.tiff': undefined }),
      /images\/000004\.tiff is missing/,
    ],
    [
      'other numbers of images in the classes',
      () => ({ ...medimeta, [labelArray]: encodeNpy(ndarray(Int32Array.from(labels).fill(1), [9])) }),
      /expected \[4,3,2\] images of the classes, found \[0,9,0\]/,
    ],
    [
      'a list that names what is not there',
      () => ({ ...tcia, [`${folderOf}/EBO/EBO_0002.tiff`]: undefined }),
      /annotations\.dat names EBO\/EBO_0002\.tiff, which is missing/,
    ],
    [
      'a list that does not name what is there',
      () => ({ ...tcia, 'annotations.dat': Buffer.from('BAS/BAS_0001.tiff BAS nan nan\n') }),
      /annotations\.dat does not name BAS\/BAS_0002/,
    ],
    [
      'a name that leads out of the archive',
      () => ({ ...medimeta, '../../outside.tiff': Buffer.of(1) }),
      /invalid relative path: \.\.\/\.\.\/outside\.tiff/,
    ],
    [
      'an image of another size',
      async () => ({ ...medimeta, 'aml/images/000003.tiff': await tiff(cellImage(3, 100)) }),
      /000003\.tiff: expected a TIFF of 224×224, RGB or RGBA in 8 bits, found tiff 100×100/,
    ],
    [
      'a larger image',
      async () => ({ ...medimeta, 'aml/images/000003.tiff': await tiff(cellImage(3, 2000), 'lzw') }),
      /000003\.tiff/,
    ],
    [
      'an image of 16 bits',
      async () => ({
        ...medimeta,
        'aml/images/000003.tiff': await grey
          .clone()
          .toColourspace('rgb16')
          .tiff({ compression: 'none' })
          .toBuffer(),
      }),
      /000003\.tiff: .*found tiff 224×224, 3 channels of ushort/,
    ],
    [
      'another format',
      async () => ({ ...medimeta, 'aml/images/000003.tiff': await grey.clone().png().toBuffer() }),
      /000003\.tiff: .*found png 224×224/,
    ],
    [
      'a truncated image',
      () => ({
        ...medimeta,
        'aml/images/000003.tiff': medimeta['aml/images/000003.tiff'].subarray(0, 90_000),
      }),
      /000003\.tiff/,
    ],
    [
      'a bomb',
      () => ({ ...medimeta, 'aml/images/000003.tiff': new Uint8Array(50 << 20) }),
      /000003\.tiff declares 52428800 bytes, more than the 466944/,
    ],
  ])('refuses %s', async (_, members, message) => {
    const there = await members();
    const reading = (async () => imagesOf(await openZipOf(there)))();
    await expect(reading).rejects.toThrow(InvalidDataset);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toThrow('"simcne data fetch leukemia"');
  });

  it('refuses a truncated archive', async () => {
    const archive = zip(medimeta);
    const file = path.join(temporaryFolder(), 'aml.zip');
    writeFileSync(file, archive.subarray(0, archive.length / 2));
    await expect(openLeukemia(file, '', leukemiaRules)).rejects.toThrow(InvalidDataset);
  });
});
