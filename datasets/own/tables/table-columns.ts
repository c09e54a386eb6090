// Which columns of a table hold the images' names and their classes: by what is in them, and asked for only where two would do.
import { InvalidOwnImages, isBlank, quoted } from '../own-images.ts';
import { type Matching, matchNames } from './match-names.ts';
import type { Table } from './read-table.ts';

/** Columns that were named; the others are recognised. */
export interface ColumnChoice {
  readonly file?: string;
  readonly class?: string;
}

export interface TableColumns {
  /** Place of the column of names. */
  readonly file: number;
  readonly matching: Matching;
  /** Place of the column of classes; the places of several, where each class has one; none where there are no classes. */
  readonly classes: number | readonly number[] | undefined;
}

const classHeadings =
  /^(class|label|category|target|diagnosis|dx|finding|y)$|^(class|label|category|target|diagnosis)[ _-]?(name|label|id)?$/i;

/**
 * Finds the columns of a table for images at `files` (paths with slashes).
 * @throws InvalidOwnImages where no column holds their names, or the classes could be in several
 */
export function tableColumns(table: Table, files: readonly string[], choice: ColumnChoice): TableColumns {
  const { file, matching } = fileColumn(table, files, choice.file);
  return { file, matching, classes: classColumns(table, file, choice.class) };
}

/** What is known of images, but is what nobody sorts them by: kept as a column, not guessed to be the classes. */
const otherHeadings =
  /patient|subject|case|slide|scanner|stain|site|hospital|cent(er|re)|batch|sex|gender|age|date|year|split|part|fold|set|id$/i;

/** The cells of a column. */
export function cellsOf({ rows }: Table, column: number): string[] {
  return rows.map(row => row[column]);
}

function fileColumn(table: Table, files: readonly string[], wanted: string | undefined) {
  const columns =
    wanted === undefined ? table.headings.map((_, place) => place) : [placeOf(table, wanted, 'file')];
  const found = columns.map(file => ({ file, matching: matchNames(cellsOf(table, file), files) }));
  const worth = ({ matching: { matched, isGuess } }: (typeof found)[number]) =>
    isGuess ? matched / (2 * files.length) : matched;
  const best = found.reduce((one, other) => (worth(other) > worth(one) ? other : one));
  const others = found.filter(
    one => worth(one) === worth(best) && String(one.matching.places) !== String(best.matching.places),
  );
  if (others.length > 0 && best.matching.matched > 0) {
    const names = [best, ...others].map(one => table.headings[one.file]);
    throw new InvalidOwnImages(
      table.file,
      `the names could be in ${quoted(names, 20)}: name the column with --file-column`,
    );
  }
  if (best.matching.matched > 0) return best;
  throw new InvalidOwnImages(
    table.file,
    `no column holds names of the ${files.length} images, such as "${files[0]}"; its columns are ${headingsWithExamples(table)}`,
  );
}

function classColumns(table: Table, file: number, wanted: string | undefined): TableColumns['classes'] {
  if (wanted !== undefined) return placeOf(table, wanted, 'class');
  const others = table.headings.map((_, place) => place).filter(place => place !== file);
  const named = others.filter(place => classHeadings.test(table.headings[place].trim()));
  if (named.length === 1) return named[0];
  const marks = others.filter(place => isMarks(cellsOf(table, place)));
  if (named.length === 0 && marks.length > 1) return oneHot(table, marks);
  const likely =
    named.length > 1
      ? named
      : others.filter(
          place => !otherHeadings.test(table.headings[place]) && isCategories(cellsOf(table, place)),
        );
  if (likely.length <= 1) return likely[0];
  throw new InvalidOwnImages(
    table.file,
    `the classes could be in ${quoted(
      likely.map(place => table.headings[place]),
      20,
    )}: name the column with --class-column`,
  );
}

/** A column for each class, in which a 1 marks it. */
function oneHot(table: Table, marks: readonly number[]): readonly number[] {
  const several = table.rows.findIndex(row => marks.filter(place => Number(row[place]) === 1).length > 1);
  if (several < 0) return marks;
  const names = marks.map(place => table.headings[place]);
  throw new InvalidOwnImages(
    table.file,
    `is multi-label: row ${several + 2} is marked in more than one of ${quoted(names, 20)}, and one class an image is needed; choose one with --class-column "${names[0]}" (its 0 and 1 are the classes then; the others are kept, to colour by)`,
  );
}

function isMarks(cells: readonly string[]): boolean {
  return cells.every(cell => /^[01](\.0*)?$/.test(cell)) && cells.some(cell => Number(cell) === 1);
}

/** Few values, each of several images, that are not measured numbers. */
function isCategories(cells: readonly string[]): boolean {
  const values = new Set(cells.filter(cell => !isBlank(cell)));
  if (values.size < 2 || values.size > cells.length / 2) return false;
  return ![...values].every(value => /^-?\d+[.,]\d+$/.test(value));
}

function placeOf({ file, headings }: Table, wanted: string, kind: 'file' | 'class'): number {
  const place = headings.indexOf(wanted);
  if (place >= 0) return place;
  throw new InvalidOwnImages(
    file,
    `has no column "${wanted}"; its columns are ${quoted(headings, 20)}: name one with --${kind}-column`,
  );
}

function headingsWithExamples({ headings, rows }: Table): string {
  return headings
    .slice(0, 20)
    .map((heading, place) => `"${heading}" ("${rows[0][place]}", …)`)
    .join(', ');
}
