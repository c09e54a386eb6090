// From the options of `data add` to the images that they mean.
import type { Command } from 'commander';
import { openNpzImages } from '../../../../datasets/own/arrays/npz-images.ts';
import { fits } from '../../../../datasets/own/fit.ts';
import { openFileImages } from '../../../../datasets/own/folder-images.ts';
import { listClassFolders, listLabelledFiles } from '../../../../datasets/own/list-images.ts';
import { type OwnImages, quoted } from '../../../../datasets/own/own-images.ts';
import { say } from '../../output.ts';
import { UsageError } from '../../usage-error.ts';

/** What says which images are meant, and how they are read. */
export interface SourceOptions {
  npz?: string;
  folder?: string;
  labels?: string;
  fileColumn?: string;
  classColumn?: string;
  classes?: string;
  followLinks?: boolean;
}

export function withSourceOptions(command: Command): Command {
  return command
    .option(
      '--npz <file>',
      'MedMNIST’s form: {train,val,test}_images and _labels, or images and labels alone',
    )
    .option('--folder <folder>', 'a folder of class folders; with --labels, a flat folder of images')
    .option('--labels <file>', 'a table (CSV) with a column of file names and a column of classes')
    .option('--file-column <heading>', 'the column of file names in that table')
    .option('--class-column <heading>', 'the column of classes in that table')
    .option('--classes <names>', 'names of the labels 0, 1, 2, … of an .npz, with commas between them')
    .option('--fit <way>', `what becomes of images that are not square: ${fits.join(' or ')}`, 'crop')
    .option('--follow-links', 'take in what links lead to outside of the folder');
}

/** The file or folder, and the images in it; what is left out is said. */
export async function openOwnImages(
  command: Command,
  options: SourceOptions,
): Promise<{ source: string; images: OwnImages }> {
  requireFitting(options);
  const { npz, folder, labels, classes } = options;
  if (npz !== undefined)
    return { source: npz, images: await openNpzImages(npz, { names: classes?.split(',') }) };
  const columns = { file: options.fileColumn, class: options.classColumn, followLinks: options.followLinks };
  const { images, leftOut } =
    labels === undefined
      ? await listClassFolders(folder!, columns)
      : await listLabelledFiles(folder!, labels, columns);
  if (leftOut.length > 0) say(command, `left out, as no images: ${quoted(leftOut)}`);
  return { source: folder!, images: openFileImages(images) };
}

/** One source, and only what goes with it. */
function requireFitting(options: SourceOptions): void {
  const { npz, folder, labels, fileColumn, classColumn, classes, followLinks } = options;
  if ((npz === undefined) === (folder === undefined)) {
    throw new UsageError('say either --npz FILE or --folder DIR: where the images are');
  }
  if (folder === undefined && (labels !== undefined || followLinks)) {
    throw new UsageError('--labels and --follow-links go with --folder; an .npz holds its labels');
  }
  if (npz === undefined && classes !== undefined) {
    throw new UsageError('--classes goes with --npz; folders and tables name their classes');
  }
  if (labels === undefined && (fileColumn !== undefined || classColumn !== undefined)) {
    throw new UsageError('--file-column and --class-column go with --labels FILE.csv');
  }
}
