// Images of one's own as files below a folder, with what folders and a table say of them.
import { ndarray } from '../../../numeric/arrays/array.ts';
import { readPicture } from '../formats/read-picture.ts';
import { requireTakable, Tally } from '../left-out.ts';
import type { LevelRange } from '../levels.ts';
import { type Column, labelled, type OwnImages } from '../own-images.ts';
import { levelsOf } from '../picture-levels.ts';
import { readTable } from '../tables/read-table.ts';
import type { ColumnChoice } from '../tables/table-columns.ts';
import { joinTable } from '../tables/table-rows.ts';
import { folderMeaning } from './folder-meaning.ts';
import { batches, lookAtPictures, type PageChoice, pictureFiles } from './look-at-pictures.ts';
import { findImages, type LinkRule } from './walk.ts';

export interface FolderOptions extends LinkRule {
  /** A table of labels, and its columns. */
  readonly table?: string;
  readonly columns?: ColumnChoice;
  /** Which level of folders names the classes, from 1; 0: none. */
  readonly classLevel?: number;
  readonly pages?: PageChoice;
  readonly levels?: LevelRange;
  /** Takes what can be taken, and reports the rest. */
  readonly leaveOut?: boolean;
  /** Images without a class are left out. */
  readonly onlyLabelled?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Looks through a folder: all files, the table, every picture. Images are in the order of their paths.
 * @throws InvalidOwnImages with all troubles in one message, unless they are to be left out
 */
export async function openFolderImages(folder: string, options: FolderOptions = {}): Promise<OwnImages> {
  const { table, columns = {}, leaveOut = false, levels, signal } = options;
  const found = await findImages(folder, options);
  const files = await pictureFiles(folder, found.images, options.pages);
  const names = files.map(({ name }) => name);
  const troubles = new Tally();
  const rows = table === undefined ? undefined : joinTable(await readTable(table), names, columns, troubles);
  const meaning = folderMeaning(folder, names, rows ? 0 : options.classLevel);
  const classes = rows?.classes ?? meaning.classes;
  const looked = await lookAtPictures(files, troubles, {
    ...{ levels, signal },
    onProgress: done => options.onProgress?.(done, files.length),
  });
  const rowsAreWanted = troubles.list().some(({ reason }) => reason === 'rows have no image');
  const isTaken = (i: number) =>
    looked.takable.has(files[i]) && !rows?.inConflict.has(i) && (!rowsAreWanted || rows!.hasRow[i]);
  const taken = files.map((_, i) => i).filter(isTaken);
  requireTakable(folder, troubles, taken.length, leaveOut);
  const kept = options.onlyLabelled ? taken.filter(i => classes[i] !== undefined) : taken;
  if (kept.length < taken.length)
    troubles.add('have no class', ...names.filter((_, i) => isTaken(i) && classes[i] === undefined));
  const only = (column: Column): Column => ({ ...column, values: kept.map(i => column.values[i]) });
  const chosen = kept.map(i => files[i]);
  return {
    ...labelled(kept.map(i => classes[i])),
    files: kept.map(i => names[i]),
    columns: [...meaning.columns, ...(rows?.columns ?? [])].map(only),
    leftOut: [...troubles.list(), ...found.passedOver.list()],
    understood: [...(rows?.understood ?? []), ...meaning.understood, ...looked.understood],
    range: looked.range,
    async *blocks(signal) {
      for (const some of batches(chosen, looked.bytes)) {
        signal?.throwIfAborted();
        const pictures = await Promise.all(some.map(one => readPicture(one.file, one)));
        for (const picture of pictures) {
          const pixels = levelsOf(picture, looked.range, levels !== undefined);
          yield ndarray(pixels, [1, picture.height, picture.width, 3]);
        }
      }
    },
  };
}
