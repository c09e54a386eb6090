// A table of labels for a flat folder of images: a column of file names and a column of classes (comma, semicolon or tab).
import { readFile } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';
import { InvalidOwnImages, quoted } from './own-images.ts';

/** Which columns hold what; those that are left out are recognised by their headings. */
export interface LabelColumns {
  readonly file?: string;
  readonly class?: string;
}

const headings = {
  file: ['file', 'filename', 'file_name', 'image', 'image_id', 'image_name', 'name', 'path', 'id'],
  class: ['class', 'label', 'class_name', 'diagnosis', 'dx', 'category', 'target', 'y'],
};

/**
 * The class of each file that the table names.
 * @throws InvalidOwnImages where a column cannot be found, a field is empty, or a file is named twice.
 */
export async function readLabelFile(table: string, columns: LabelColumns = {}): Promise<Map<string, string>> {
  const [names = [], ...rows] = await readRows(table);
  const [file, label] = (['file', 'class'] as const).map(kind => columnOf(table, names, kind, columns[kind]));
  const classes = new Map<string, string>();
  rows.forEach((row, i) => {
    const [name, className] = [row[file].trim(), row[label].trim()];
    const place = `row ${i + 2}`; // as a spreadsheet counts
    if (name === '' || className === '') {
      const empty = name === '' ? names[file] : names[label];
      throw new InvalidOwnImages(
        table,
        `${place} has nothing in column "${empty}"; fill it, or remove the row`,
      );
    }
    if (classes.has(name))
      throw new InvalidOwnImages(table, `${place} names "${name}" a second time; one row an image`);
    classes.set(name, className);
  });
  if (classes.size === 0) throw new InvalidOwnImages(table, 'holds no row below its headings');
  return classes;
}

async function readRows(table: string): Promise<string[][]> {
  try {
    const text = await readFile(table, 'utf8');
    const [heading] = text.split('\n', 1);
    const delimiter = [',', ';', '\t'].reduce((best, one) =>
      count(heading, one) > count(heading, best) ? one : best,
    );
    return parse(text, { bom: true, delimiter, skip_empty_lines: true });
  } catch (error) {
    if (error instanceof CsvError) throw new InvalidOwnImages(table, `is no table: ${error.message}`, error);
    throw new InvalidOwnImages(table, `cannot be read (${(error as NodeJS.ErrnoException).code})`, error);
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** The place of a column: the one that was asked for, or the only one with a heading of its kind. */
function columnOf(
  table: string,
  names: readonly string[],
  kind: keyof typeof headings,
  wanted: string | undefined,
): number {
  const fitting = names.flatMap((name, place) => {
    const fits = wanted === undefined ? headings[kind].includes(name.trim().toLowerCase()) : name === wanted;
    return fits ? [place] : [];
  });
  if (fitting.length === 1) return fitting[0];
  const what =
    wanted === undefined ? `column of ${kind === 'file' ? 'file names' : 'classes'}` : `column "${wanted}"`;
  const problem = fitting.length === 0 ? `has no ${what}` : `has more than one ${what}`;
  throw new InvalidOwnImages(
    table,
    `${problem}; its columns are ${quoted(names, 20)}: name one with --${kind}-column`,
  );
}
