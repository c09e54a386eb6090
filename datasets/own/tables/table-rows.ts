// What a table says of each image: its class, and whatever stands in the other columns.
import type { Tally } from '../left-out.ts';
import { isBlank } from '../own-images.ts';
import type { Table } from './read-table.ts';
import { type ColumnChoice, tableColumns } from './table-columns.ts';

/** What is known of the images, in their order. */
export interface TableRows {
  /** Undefined: no class, or no row. */
  readonly classes: readonly (string | undefined)[];
  readonly hasRow: readonly boolean[];
  /** Undefined for images that are left out: their rows contradict each other. */
  readonly columns: readonly { readonly name: string; readonly values: readonly string[] }[];
  /** Images whose rows name two classes. */
  readonly inConflict: ReadonlySet<number>;
  readonly understood: readonly string[];
}

/**
 * Brings rows and images (`files`: their paths with slashes) together. Troubles are added to `troubles`: rows without an image, and
 * rows that give one image two classes. Equal rows are one.
 * @throws InvalidOwnImages where columns cannot be recognised
 */
export function joinTable(
  table: Table,
  files: readonly string[],
  choice: ColumnChoice,
  troubles: Tally,
): TableRows {
  const { file, matching, classes: classPlaces } = tableColumns(table, files, choice);
  const understood = [`names in column "${table.headings[file]}"`];
  if (table.encoding) understood.push(`letters of ${table.encoding}`);
  if (matching.understood) understood.push(matching.understood);
  const classOf = (row: readonly string[]) => className(table, row, classPlaces);
  const classes: (string | undefined)[] = files.map(() => undefined);
  const rowOf: (readonly string[] | undefined)[] = files.map(() => undefined);
  const inConflict = new Set<number>();
  const [absent, conflicts]: [string[], string[]] = [[], []];
  let twice = 0;
  table.rows.forEach((row, i) => {
    const place = matching.places[i];
    if (place === undefined) {
      absent.push(row[file] || `row ${i + 2}`);
      return;
    }
    const name = classOf(row);
    if (rowOf[place]) {
      if (classes[place] === name) twice += 1;
      else if (!inConflict.has(place)) {
        inConflict.add(place);
        conflicts.push(`${files[place]} (${classes[place] ?? 'none'}, ${name ?? 'none'})`);
      }
      return;
    }
    rowOf[place] = row;
    classes[place] = name;
  });
  troubles.add('rows have no image', ...absent);
  if (absent.length > 0) troubles.add('images have no row', ...files.filter((_, place) => !rowOf[place]));
  troubles.add('images are given two classes', ...conflicts);
  if (twice > 0) understood.push(`${twice} rows that say the same again are one`);
  if (Array.isArray(classPlaces)) understood.push(`a column for each of ${classPlaces.length} classes`);
  else if (classPlaces !== undefined)
    understood.push(`classes in column "${table.headings[classPlaces as number]}"`);
  else understood.push('no column of classes');
  const used = new Set([file, ...(classPlaces === undefined ? [] : [classPlaces].flat())]);
  const columns = table.headings.flatMap((heading, place) =>
    used.has(place)
      ? []
      : [{ name: heading || `column ${place + 1}`, values: files.map((_, i) => rowOf[i]?.[place] ?? '') }],
  );
  return { classes, hasRow: rowOf.map(row => row !== undefined), columns, inConflict, understood };
}

function className(
  { headings }: Table,
  row: readonly string[],
  places: number | readonly number[] | undefined,
): string | undefined {
  if (places === undefined) return undefined;
  if (typeof places === 'number') return isBlank(row[places]) ? undefined : row[places];
  const marked = places.find(place => Number(row[place]) === 1);
  return marked === undefined ? undefined : headings[marked];
}
