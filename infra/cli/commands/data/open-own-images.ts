// From the options of `data add` and `embed` to the images that they mean, looked through.
import type { Command } from 'commander';
import { openNpzImages } from '../../../../datasets/own/arrays/npz-images.ts';
import { fits } from '../../../../datasets/own/fit.ts';
import { openFolderImages } from '../../../../datasets/own/folders/folder-images.ts';
import type { PageChoice } from '../../../../datasets/own/folders/look-at-pictures.ts';
import { leftOutText } from '../../../../datasets/own/left-out.ts';
import type { LevelRange } from '../../../../datasets/own/levels.ts';
import { grouped, type OwnImages } from '../../../../datasets/own/own-images.ts';
import { parseNumber } from '../../npy-files.ts';
import { say } from '../../output.ts';
import { UsageError } from '../../usage-error.ts';

/** How the pictures of a folder are read. */
export interface PictureOptions {
  page?: string;
  levels?: string;
  leaveOut?: boolean;
  followLinks?: boolean;
}

/** What says which images are meant, and how they are read. */
export interface SourceOptions extends PictureOptions {
  npz?: string;
  folder?: string;
  labels?: string;
  fileColumn?: string;
  classColumn?: string;
  classLevel?: string;
  classes?: string;
  onlyLabelled?: boolean;
  group?: string;
  groupPattern?: string;
}

export function withPictureOptions(command: Command): Command {
  return command
    .option('--page <number>', 'which picture of files that hold several, from 1; "all": each is an image')
    .option(
      '--levels <range>',
      'what becomes black and white of more than 8 bits, e.g. 0..4095; by default the range of the set',
    )
    .option('--leave-out', 'take what can be taken, and report the rest')
    .option('--follow-links', 'take in what links lead to outside of the folder');
}

export function withSourceOptions(command: Command): Command {
  const source = command
    .option(
      '--npz <file>',
      'MedMNIST’s form: {train,val,test}_images and _labels, or images alone, with labels or without',
    )
    .option(
      '--folder <folder>',
      'images below it; folders are their classes (and train, test), where there are any',
    )
    .option('--labels <file>', 'a table (CSV) with a column of file names, and columns of whatever is known')
    .option('--file-column <heading>', 'the column of file names in that table')
    .option(
      '--class-column <heading>',
      'the column of classes in that table; of an .npz’s labels its number, from 0',
    )
    .option('--class-level <number>', 'which level of folders names the classes, from 1; 0: none does')
    .option('--classes <names>', 'names of the labels 0, 1, 2, … of an .npz, with commas between them')
    .option(
      '--group <column>',
      'images with one word there are one patient, slide or original: the kNN split keeps them on one side',
    )
    .option(
      '--group-pattern <pattern>',
      'the same by what a regular expression finds in each path, e.g. "p[0-9]+"',
    )
    .option('--only-labelled', 'leave images without a class out')
    .option('--fit <way>', `what becomes of images that are not square: ${fits.join(' or ')}`, 'crop');
  return withPictureOptions(source);
}

/** The file or folder, and the images in it; what was understood and left out is said. */
export async function openOwnImages(
  command: Command,
  options: SourceOptions,
): Promise<{ source: string; images: OwnImages }> {
  requireFitting(options);
  const { source, images } = await openSource(command, options);
  const { group: column, groupPattern } = options;
  if (column === undefined && groupPattern === undefined) return { source, images };
  return { source, images: grouped(source, images, { column, pattern: parsePattern(groupPattern) }) };
}

async function openSource(
  command: Command,
  options: SourceOptions,
): Promise<{ source: string; images: OwnImages }> {
  const { npz, folder, labels, classes } = options;
  const levels = parseLevels(options.levels);
  if (npz !== undefined) {
    const column =
      options.classColumn === undefined
        ? undefined
        : parseNumber('class-column', options.classColumn, { integer: true, least: 0 });
    const images = await openNpzImages(npz, { names: classes?.split(','), levels, column });
    return { source: npz, images: told(command, images) };
  }
  const images = await openFolder(command, folder!, options, {
    table: labels,
    columns: { file: options.fileColumn, class: options.classColumn },
    classLevel:
      options.classLevel === undefined
        ? undefined
        : parseNumber('class-level', options.classLevel, { integer: true, least: 0 }),
    onlyLabelled: options.onlyLabelled,
  });
  return { source: folder!, images };
}

/** The images below a folder; what was understood and left out is said. `range`: as those of a set, unless --levels says. */
export async function openFolder(
  command: Command,
  folder: string,
  { page, levels, leaveOut, followLinks }: PictureOptions,
  more: Parameters<typeof openFolderImages>[1] = {},
  range?: LevelRange,
): Promise<OwnImages> {
  const lineMs = 5_000;
  let last = Date.now();
  const images = await openFolderImages(folder, {
    ...{ leaveOut, followLinks, pages: parsePages(page), levels: parseLevels(levels) ?? range },
    onProgress: (done, total) => {
      if (Date.now() - last < lineMs) return;
      last = Date.now();
      say(command, `looked through ${done} of ${total} images`);
    },
    ...more,
  });
  return told(command, images);
}

function told(command: Command, images: OwnImages): OwnImages {
  for (const words of images.understood ?? []) say(command, words);
  for (const one of images.leftOut) say(command, `left out: ${leftOutText(one)}`);
  return images;
}

function parsePages(text: string | undefined): PageChoice {
  if (text === undefined || text === 'all') return text;
  return parseNumber('page', text, { integer: true, least: 1 });
}

function parsePattern(text: string | undefined): RegExp | undefined {
  try {
    return text === undefined ? undefined : new RegExp(text, 'u');
  } catch (error) {
    throw new UsageError(`--group-pattern: ${(error as Error).message}`);
  }
}

/** `0..4095`. */
export function parseLevels(text: string | undefined): LevelRange | undefined {
  if (text === undefined) return undefined;
  const [from, to, ...more] = text.split('..').map(Number);
  if (!Number.isFinite(from) || !Number.isFinite(to) || more.length > 0 || from >= to) {
    throw new UsageError(`--levels "${text}" must be two numbers, the smaller first, as 0..4095`);
  }
  return { from, to };
}

/** One source, and only what goes with it. */
function requireFitting(options: SourceOptions): void {
  const { npz, folder, labels, fileColumn, classColumn, classLevel, classes, followLinks, page } = options;
  if (options.group !== undefined && options.groupPattern !== undefined) {
    throw new UsageError('say either --group or --group-pattern');
  }
  if ((npz === undefined) === (folder === undefined)) {
    throw new UsageError('say either --npz FILE or --folder DIR: where the images are');
  }
  if (folder === undefined && [labels, followLinks, classLevel, page].some(one => one !== undefined)) {
    throw new UsageError('--labels, --class-level, --page and --follow-links go with --folder');
  }
  if (npz === undefined && classes !== undefined) {
    throw new UsageError('--classes goes with --npz; folders and tables name their classes');
  }
  if (
    labels === undefined &&
    (fileColumn !== undefined || (classColumn !== undefined && npz === undefined))
  ) {
    throw new UsageError('--file-column and --class-column go with --labels FILE.csv');
  }
  if (labels !== undefined && classLevel !== undefined) {
    throw new UsageError('--class-level goes without --labels, whose table names the classes');
  }
}
