// Folders of images and tables of labels: what is taken, and what is refused with its name.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { listClassFolders, listLabelledFiles } from '../../../datasets/own/list-images.ts';
import { temporaryFolder } from '../temporary-folder.ts';

let outer: string;
let folder: string;
beforeEach(() => {
  outer = temporaryFolder();
  folder = path.join(outer, 'images');
  mkdirSync(folder);
});

/** Writes empty files: listing looks at names alone. */
function files(...names: string[]): void {
  for (const name of names) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '');
  }
}

function table(text: string): string {
  const file = path.join(outer, 'labels.csv');
  writeFileSync(file, text);
  return file;
}

const names = ({ images }: Awaited<ReturnType<typeof listClassFolders>>) =>
  images.map(({ file, className }) => `${path.relative(folder, file)} ${className}`);

describe('a folder of class folders', () => {
  it('gives the images by class and name, leaves hidden files out and says what else it left out', async () => {
    files('b/2.png', 'a/1.TIFF', 'b/10.jpg', 'b/notes.txt', '.git/x.png', 'a/.DS_Store', 'readme.md');
    const listing = await listClassFolders(folder);
    expect(names(listing)).toEqual(['a/1.TIFF a', 'b/10.jpg b', 'b/2.png b']);
    expect(listing.leftOut).toEqual(['readme.md', 'b/notes.txt']);
  });

  it.each<[string, string[], RegExp]>([
    ['nothing', [], /images: no image and no class folder/],
    ['images only', ['1.png'], /no class folders.*--labels FILE\.csv/],
    [
      'images beside class folders',
      ['a/1.png', '2.png'],
      /1 images lie beside the class folders \("2\.png"\)/,
    ],
    ['folders in class folders', ['train/a/1.png', 'test/a/2.png'], /test: holds folders \("a"\)/],
    ['a class folder without images', ['a/1.png', 'b/notes.txt'], /b: no image in this class folder/],
  ])('refuses %s', async (_, there, message) => {
    files(...there);
    await expect(listClassFolders(folder)).rejects.toThrow(message);
    await expect(listClassFolders(folder)).rejects.toMatchObject({ name: 'InvalidOwnImages' });
  });

  it('follows links within, and links out of it only when told to', async () => {
    files('a/1.png', 'b/1.png');
    symlinkSync('../a/1.png', path.join(folder, 'b/2.png'));
    expect(names(await listClassFolders(folder))).toContain('b/2.png b');
    mkdirSync(path.join(outer, 'secret'));
    writeFileSync(path.join(outer, 'secret/3.png'), '');
    symlinkSync(path.join(outer, 'secret'), path.join(folder, 'c'));
    await expect(listClassFolders(folder)).rejects.toThrow(
      /images\/c: is a link to .*secret, out of the folder; say --follow-links/,
    );
    expect(names(await listClassFolders(folder, { followLinks: true }))).toContain('c/3.png c');
    symlinkSync('nowhere', path.join(folder, 'a0'));
    await expect(listClassFolders(folder)).rejects.toThrow(/images\/a0: is a link that leads nowhere/);
  });

  it('says what cannot be read', async () => {
    await expect(listClassFolders(path.join(outer, 'nowhere'))).rejects.toThrow(
      /cannot be read as a folder \(ENOENT\)/,
    );
  });
});

describe('a flat folder with a table', () => {
  it.each([
    ['commas', 'image_id,dx,age\n2.png,nv,80\n1.jpg,"mel, thick",3\n'],
    [
      'semicolons, a byte order mark and blank lines',
      '\uFEFFimage_id;dx\r\n\r\n2.png;nv\r\n1.jpg;mel, thick\r\n',
    ],
    ['names without extension', 'Image_ID\tDX\n2\tnv\n1\tmel, thick\n'],
  ])('takes %s', async (_, text) => {
    files('1.jpg', '2.png', 'notes.txt', 'masks/1.png');
    const listing = await listLabelledFiles(folder, table(text));
    expect(names(listing)).toEqual(['1.jpg mel, thick', '2.png nv']);
    expect(listing.leftOut).toEqual(['masks', 'notes.txt']);
  });

  it('takes the columns that are named', async () => {
    files('1.jpg', '2.png');
    const text = table('a,b,file\n1.jpg,x,7\n2.png,y,8\n');
    expect(names(await listLabelledFiles(folder, text, { file: 'a', class: 'b' }))).toEqual([
      '1.jpg x',
      '2.png y',
    ]);
    await expect(listLabelledFiles(folder, text, { file: 'z' })).rejects.toThrow(
      /has no column "z"; its columns are "a", "b", "file"/,
    );
    await expect(listLabelledFiles(folder, text)).rejects.toThrow(
      /has no column of classes; .* name one with --class-column/,
    );
  });

  it.each([
    [
      'images that are not there',
      'file,class\n1.jpg,a\n2.png,a\n9.png,b\n',
      /names 1 images that are not in .*: "9\.png"/,
    ],
    ['not all images', 'file,class\n1.jpg,a\n', /images: 1 images have no row in .*labels\.csv: "2\.png"/],
    ['an image twice', 'file,class\n1.jpg,a\n2.png,b\n1.jpg,b\n', /row 4 names "1\.jpg" a second time/],
    [
      'an image under two names',
      'file,class\n1.jpg,a\n2.png,b\n1,b\n',
      /names "1\.jpg" a second time, as "1"/,
    ],
    [
      'a place outside of the folder',
      'file,class\n../secret/3.png,a\n',
      /names "\.\.\/secret\/3\.png"; only files of/,
    ],
    ['no class', 'file,class\n1.jpg,a\n2.png, \n', /row 3 has nothing in column "class"/],
    ['two columns of classes', 'file,class,label\n1.jpg,a,b\n', /has more than one column of classes/],
    ['no row', 'file,class\n', /holds no row/],
    ['nothing', '', /has no column of file names/],
    ['ragged rows', 'file,class\n1.jpg\n', /is no table: Invalid Record Length/],
  ])('refuses one that names %s', async (_, text, message) => {
    files('1.jpg', '2.png');
    await expect(listLabelledFiles(folder, table(text))).rejects.toThrow(message);
  });

  it('refuses a name that means two images', async () => {
    files('1.jpg', '1.png');
    await expect(listLabelledFiles(folder, table('file,class\n1,a\n'))).rejects.toThrow(
      /"1" means any of "1\.jpg", "1\.png"/,
    );
  });
});
