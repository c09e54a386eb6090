// Folders as people have them: what is taken of them in which class, and one message for all that is not.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type FolderOptions, openFolderImages } from '../../../../datasets/own/folders/folder-images.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { bmp, dicom, type Rows, tiff } from '../formats/made-files.ts';

let outer: string;
let folder: string;
beforeEach(() => {
  outer = temporaryFolder();
  folder = path.join(outer, 'images');
  mkdirSync(folder);
});

const picture = (level: number): Rows => [[[level, level, level]]];

/** Writes small bitmaps of those names, each of its own level, whatever the names say; or the contents given. */
function files(...names: (string | [string, Uint8Array])[]): void {
  names.forEach((given, i) => {
    const [name, content] = typeof given === 'string' ? [given, bmp(picture(i))] : given;
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  });
}

async function taken(options: FolderOptions = {}) {
  const images = await openFolderImages(folder, options);
  const levels: number[] = [];
  for await (const { data } of images.blocks()) levels.push(data[0]);
  const rows = images.files.map(
    (file, i) => `${file} ${images.classes[images.labels[i]] ?? '–'} ${levels[i]}`,
  );
  return { ...images, rows };
}

describe('folders', () => {
  it('are classes; files of the system and others are counted, and left out', async () => {
    files(
      'b/2.jpg',
      'a/1.TIFF',
      'b/10',
      ['b/notes.txt', Buffer.from('x')],
      '.git/x.png',
      'a/._1.png',
      '__MACOSX/a/1.png',
      'Thumbs.db',
    );
    mkdirSync(path.join(folder, 'empty'));
    const { rows, leftOut } = await taken();
    expect(rows).toEqual(['a/1.TIFF a 1', 'b/10 b 2', 'b/2.jpg b 0']);
    expect(Object.fromEntries(leftOut.map(({ reason, count }) => [reason, count]))).toEqual({
      'files of the system': 4,
      'files that are no images': 1,
      'empty folders': 1,
    });
  });

  it('that are parts become a column', async () => {
    files('cells/train/a/1.png', 'cells/train/b/2.png', 'cells/Test/a/3.png');
    const { rows, columns } = await taken();
    expect(rows).toEqual(['cells/Test/a/3.png a 2', 'cells/train/a/1.png a 0', 'cells/train/b/2.png b 1']);
    expect(columns).toEqual([{ name: 'part', values: ['test', 'train', 'train'] }]);
  });

  it('within classes may be parts, too; without classes there may be none', async () => {
    files('a/train/1.png', 'b/test/2.png');
    expect((await taken()).rows).toEqual(['a/train/1.png a 0', 'b/test/2.png b 1']);
    files('c/train/3.png');
    await expect(taken({ classLevel: 2 })).rejects.toThrow(/--class-level 2: there are 1 levels/);
  });

  it('of several levels are asked about', async () => {
    files('a/p1/1.png', 'b/p2/2.png');
    await expect(taken()).rejects.toThrow(
      /\("a\/p1\/1\.png"\): .* --class-level 1 \("a", "b"\) or --class-level 2 \("p1", "p2"\); --class-level 0/,
    );
    const { rows, columns } = await taken({ classLevel: 1 });
    expect(rows).toEqual(['a/p1/1.png a 0', 'b/p2/2.png b 1']);
    expect(columns).toEqual([{ name: 'folder 2', values: ['p1', 'p2'] }]);
  });

  it('of none are no classes; images beside class folders have none', async () => {
    files('1.png', '2.png');
    expect((await taken()).rows).toEqual(['1.png – 0', '2.png – 1']);
    files('a/3.png');
    expect((await taken()).rows).toEqual(['1.png – 0', '2.png – 1', 'a/3.png a 0']);
    expect((await taken({ onlyLabelled: true })).rows).toEqual(['a/3.png a 0']);
  });

  it('follows links within, and links out of it only when told to', async () => {
    files('a/1.png', 'b/1.png');
    symlinkSync('../a/1.png', path.join(folder, 'b/2.png'));
    expect((await taken()).files).toEqual(['a/1.png', 'b/1.png', 'b/2.png']);
    writeFileSync(path.join(outer, 'secret.png'), bmp(picture(9)));
    symlinkSync(path.join(outer, 'secret.png'), path.join(folder, 'b/3.png'));
    await expect(taken()).rejects.toThrow(
      /b\/3\.png: is a link to .*secret\.png, out of the folder; say --follow-links/,
    );
    expect((await taken({ followLinks: true })).files).toContain('b/3.png');
    symlinkSync('nowhere', path.join(folder, 'a/0.png'));
    await expect(taken()).rejects.toThrow(/a\/0\.png: is a link that leads nowhere/);
  });

  it('that hold nothing, or are none, are refused', async () => {
    await expect(taken()).rejects.toThrow(/no image in this folder, nor below it/);
    writeFileSync(path.join(outer, 'cells.zip'), 'PK');
    await expect(openFolderImages(path.join(outer, 'cells.zip'))).rejects.toThrow(/is a file: .* unpack it/);
    await expect(openFolderImages(path.join(outer, 'x'))).rejects.toThrow(
      /cannot be read as a folder \(ENOENT\)/,
    );
  });
});

describe('what cannot be taken', () => {
  const whole = bmp(picture(200));
  beforeEach(() => {
    files(
      'a/1.png',
      'b/2.png',
      ['a/cut 1.png', whole.subarray(0, 55)],
      ['a/cut 2.png', whole.subarray(0, 55)],
      ['b/none.jpg', Buffer.from('no image')],
      ['b/void.png', Buffer.alloc(0)],
      ['b/stack.tif', tiff([picture(1), picture(2)])],
    );
  });

  it('is counted by reason in one message, with examples and the way out', async () => {
    await expect(taken()).rejects.toThrow(
      /images: looked through, .*:\n {2}4 cannot be decoded: .*"a\/cut 1\.png \(.*\)", .*, …\n {2}1 hold several pictures.*--page 1.*"b\/stack\.tif \(2 pictures\)"\n--leave-out takes the other 2$/,
    );
  });

  it('is left out when told so, and counted', async () => {
    const { rows, leftOut } = await taken({ leaveOut: true });
    expect(rows).toEqual(['a/1.png a 0', 'b/2.png b 1']);
    expect(leftOut.map(({ count }) => count)).toEqual([4, 1]);
  });

  it('comes in where its page is chosen, or each page is an image', async () => {
    expect((await taken({ leaveOut: true, pages: 'all' })).rows.slice(-2)).toEqual([
      'b/stack.tif#1 b 1',
      'b/stack.tif#2 b 2',
    ]);
    expect((await taken({ leaveOut: true, pages: 2 })).rows).toContain('b/stack.tif b 2');
  });

  it('of a table stands in the same message', async () => {
    const table = path.join(outer, 'labels.csv');
    writeFileSync(table, 'file,class\n1.png,x\n2.png,y\n3.png,x\n');
    await expect(taken({ table })).rejects.toThrow(
      /1 rows have no image: "3\.png"\n(.*\n)*.*4 cannot be decoded/,
    );
    expect((await taken({ table, leaveOut: true })).rows).toEqual(['a/1.png x 0', 'b/2.png y 1']);
  });
});

describe('more than 8 bits', () => {
  it('become levels by the range of the whole set, or by the one that is asked for', async () => {
    files(
      ['1.tif', tiff([[[0, 100]]], { bits: 16 })],
      ['2.dcm', dicom([[1000, 4000]], { bits: 12 })],
      '3.png',
    );
    const { range, understood, rows } = await taken();
    expect(range).toEqual({ from: 0, to: 4000 });
    expect(understood).toEqual([expect.stringMatching(/^2 of more than 8 bits: 0 … 4000 as levels 0 … 255/)]);
    expect(rows[1]).toBe('2.dcm – 64');
    const chosen = await taken({ levels: { from: 1000, to: 2000 } });
    expect(chosen.rows[1]).toBe('2.dcm – 0');
    expect(chosen.understood).toEqual([expect.stringMatching(/1000 … 2000 .* as --levels says/)]);
  });
});
