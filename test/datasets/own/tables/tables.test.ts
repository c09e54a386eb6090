// Tables as people have them, against the images of a folder: which columns are meant, and what each row says of which image.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Tally } from '../../../../datasets/own/left-out.ts';
import { matchNames } from '../../../../datasets/own/tables/match-names.ts';
import { readTable } from '../../../../datasets/own/tables/read-table.ts';
import type { ColumnChoice } from '../../../../datasets/own/tables/table-columns.ts';
import { joinTable } from '../../../../datasets/own/tables/table-rows.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const files = ['scan 000.png', 'scan 001.png', 'scan 002.png', 'scan 003.png'];

async function join(table: string | Buffer, choice: ColumnChoice = {}, names = files) {
  const file = path.join(temporaryFolder(), 'labels.csv');
  writeFileSync(file, table);
  const troubles = new Tally();
  return { ...joinTable(await readTable(file), names, choice, troubles), troubles: troubles.list() };
}

const rows = (...lines: string[]) => lines.join('\r\n');

describe('columns', () => {
  it.each<[string, string]>([
    [
      'by their headings',
      rows('image ID,class label', 'scan 000,a', 'scan 001,b', 'scan 002,a', 'scan 003,b'),
    ],
    ['by what is in them', rows('id_code;finding', 'scan 000;a', 'scan 001;b', 'scan 002;a', 'scan 003;b')],
    [
      'beside a column of numbers',
      rows(
        '\tfile\tlabel',
        '0\tscan 000.png\ta',
        '1\tscan 001.png\tb',
        '2\tscan 002.png\ta',
        '3\tscan 003.png\tb',
      ),
    ],
    [
      'a column a class',
      rows('image,a,b', 'scan 000,1.0,0.0', 'scan 001,0,1', 'scan 002,1,0', 'scan 003,0,1'),
    ],
    ['numbers whose zeros were lost', rows('number,class', '0,a', '1,b', '2,a', '3,b')],
    [
      'names in other case',
      rows('file,class', 'SCAN 000.PNG,a', 'Scan 001.png,b', 'scan 002.PNG,a', 'scan 003,b'),
    ],
  ])('are recognised %s', async (_, table) => {
    const { classes, troubles } = await join(table);
    expect(classes).toEqual(['a', 'b', 'a', 'b']);
    expect(troubles).toEqual([]);
  });

  it('are asked for where two would do, and taken as they are named', async () => {
    const table = rows('file,shape,kind', 'scan 000,a,x', 'scan 001,b,x', 'scan 002,a,y', 'scan 003,b,y');
    await expect(join(table)).rejects.toThrow(
      /could be in "shape", "kind": name the column with --class-column/,
    );
    const { classes, columns } = await join(table, { class: 'kind' });
    expect(classes).toEqual(['x', 'x', 'y', 'y']);
    expect(columns).toEqual([{ name: 'shape', values: ['a', 'b', 'a', 'b'] }]);
    await expect(join(table, { class: 'sex' })).rejects.toThrow(
      /no column "sex"; its columns are "file", "shape", "kind"/,
    );
    const pairs = rows(
      'image,next',
      'scan 000,scan 001',
      'scan 001,scan 002',
      'scan 002,scan 003',
      'scan 003,scan 000',
    );
    await expect(join(pairs)).rejects.toThrow(
      /names could be in "image", "next": name the column with --file-column/,
    );
  });

  it('of patients, scanners and the like are not guessed to be classes', async () => {
    const { classes, columns } = await join(
      rows('file,patient,sex', 'scan 000,P1,f', 'scan 001,P1,m', 'scan 002,P2,f', 'scan 003,P2,m'),
    );
    expect(classes).toEqual([undefined, undefined, undefined, undefined]);
    expect(columns.map(({ name }) => name)).toEqual(['patient', 'sex']);
  });

  it('that hold several classes an image are said to, and one can be chosen', async () => {
    const table = rows('image,a,b', 'scan 000,1,0', 'scan 001,1,1', 'scan 002,0,0', 'scan 003,0,1');
    await expect(join(table)).rejects.toThrow(/is multi-label: row 3 .* choose one with --class-column "a"/);
    const { classes, columns } = await join(table, { class: 'a' });
    expect(classes).toEqual(['1', '1', '0', '0']);
    expect(columns).toEqual([{ name: 'b', values: ['0', '1', '0', '1'] }]);
  });

  it('without names of the images are said to be', async () => {
    await expect(join(rows('file,class', 'x,a'))).rejects.toThrow(
      /no column holds names of the 4 images, such as "scan 000.png"/,
    );
  });
});

describe('rows', () => {
  it('without a class leave their image without one; those that say the same again are one', async () => {
    const { classes, understood, troubles } = await join(
      rows('file,class', 'scan 000,', 'scan 001,NaN', 'scan 002,a', 'scan 003,b', 'scan 003,b'),
    );
    expect(classes).toEqual([undefined, undefined, 'a', 'b']);
    expect(understood.join()).toMatch(/1 rows that say the same again/);
    expect(troubles).toEqual([]);
  });

  it('that no image has, or that contradict each other, are counted', async () => {
    const { troubles, inConflict } = await join(
      rows('file,class', 'scan 000,a', 'scan 009,b', 'scan 002,a', 'scan 002,b'),
    );
    expect(troubles).toEqual([
      { reason: 'rows have no image', count: 1, examples: ['scan 009'] },
      { reason: 'images have no row', count: 2, examples: ['scan 001.png', 'scan 003.png'] },
      { reason: 'images are given two classes', count: 1, examples: ['scan 002.png (a, b)'] },
    ]);
    expect([...inConflict]).toEqual([2]);
  });

  it('that are missing leave images without a class, where all rows have theirs', async () => {
    const { classes, troubles } = await join(rows('file,class', 'scan 000,a', 'scan 001,b'));
    expect(classes).toEqual(['a', 'b', undefined, undefined]);
    expect(troubles).toEqual([]);
  });
});

describe('letters', () => {
  const text = rows('file,class', 'scan 000,Pläque', 'scan 001,Größe', 'scan 002,Pläque', 'scan 003,Größe');
  it.each<[string, Buffer]>([
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le')],
    ['big-endian UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['Windows-1252', Buffer.from(text, 'latin1')],
    ['what Excel puts first', Buffer.from(`sep=,\r\n${text}`)],
  ])('of %s', async (_, bytes) => {
    expect((await join(bytes)).classes).toEqual(['Pläque', 'Größe', 'Pläque', 'Größe']);
  });

  it.each<[string, Buffer, RegExp]>([
    ['a workbook', Buffer.from('PK\u0003\u0004 and more'), /save the sheet as CSV/],
    ['headings alone', Buffer.from('file,class\n'), /holds no row/],
    ['nothing', Buffer.alloc(0), /holds no row/],
    ['rows of other lengths', Buffer.from('file,class\na,b,c\n'), /is no table/],
  ])('%s is refused', async (_, bytes, message) => {
    await expect(join(bytes)).rejects.toThrow(message);
    await expect(join(bytes)).rejects.toMatchObject({ name: 'InvalidOwnImages' });
  });
});

describe('matchNames', () => {
  const placesOf = (names: string[], held: string[]) => matchNames(names, held).places;
  it('takes whole paths before names, and names before what they have in common', () => {
    expect(
      placesOf(['b/1.png', '2.png', './a/1.png', 'a\\1.png'], ['a/1.png', 'b/1.png', 'b/2.png']),
    ).toEqual([1, 2, 0, 0]);
    expect(placesOf(['1.png', '1', ''], ['a/1.png', 'b/1.png'])).toEqual([undefined, undefined, undefined]);
    expect(placesOf(['A', 'a'], ['a.png', 'A.png'])).toEqual([1, 0]);
    expect(placesOf(['7'], ['7.png', '7.tif'])).toEqual([undefined]);
    expect(placesOf(['e\u0301'], ['\u00e9.png'])).toEqual([0]); // accents, composed or not
  });
  it('guesses by numbers only where every file has its own behind a common beginning', () => {
    expect(placesOf(['1', '12'], ['x001.png', 'x012.png'])).toEqual([0, 1]);
    expect(placesOf(['1'], ['x001.png', 'y012.png'])).toEqual([undefined]);
    expect(placesOf(['1'], ['x1.png', 'x01.png'])).toEqual([undefined]);
  });
});
