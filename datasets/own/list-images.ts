// Which images a folder holds and which class each is of: a folder of class folders, or a flat one with a table of labels.
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { isImageName } from '../image-files.ts';
import { type LabelColumns, readLabelFile } from './label-file.ts';
import { InvalidOwnImages, quoted } from './own-images.ts';

export interface LabelledFile {
  readonly file: string;
  readonly className: string;
}

export interface FolderListing {
  /** By class, then by name. */
  readonly images: readonly LabelledFile[];
  /** Files that are no images by their names; they are left out. */
  readonly leftOut: readonly string[];
}

/** Whether links that lead out of the folder are followed. */
export interface LinkRule {
  readonly followLinks?: boolean;
}

/**
 * The images of a folder whose direct subfolders are the classes.
 * @throws InvalidOwnImages where there are none, an image lies elsewhere, a class has no image, or a link leads out.
 */
export async function listClassFolders(folder: string, rule: LinkRule = {}): Promise<FolderListing> {
  const top = await listFolder(folder, folder, rule);
  if (top.folders.length === 0) {
    throw new InvalidOwnImages(
      folder,
      top.images.length === 0
        ? 'no image and no class folder in this folder'
        : 'no class folders in this folder, images only; sort them into a folder a class, or name their classes with --labels FILE.csv',
    );
  }
  if (top.images.length > 0) {
    throw new InvalidOwnImages(
      folder,
      `${top.images.length} images lie beside the class folders (${quoted(top.images)}); move them into one of them`,
    );
  }
  const images: LabelledFile[] = [];
  const leftOut = [...top.others];
  for (const className of top.folders) {
    const place = path.join(folder, className);
    const found = await listFolder(place, folder, rule);
    if (found.folders.length > 0) {
      throw new InvalidOwnImages(
        place,
        `holds folders (${quoted(found.folders)}), but the folders of ${folder} are taken as classes; name the folder whose folders are the classes (parts such as train and test go together into one)`,
      );
    }
    if (found.images.length === 0) {
      throw new InvalidOwnImages(place, 'no image in this class folder; remove it, or put its images there');
    }
    images.push(...found.images.map(name => ({ file: path.join(place, name), className })));
    leftOut.push(...found.others.map(name => path.join(className, name)));
  }
  return { images, leftOut };
}

/**
 * The images of a flat folder, with the classes that a table gives them; a name in the table may lack its extension.
 * @throws InvalidOwnImages where the table names an image that is not there, or one that is there is not named.
 */
export async function listLabelledFiles(
  folder: string,
  table: string,
  columns: LabelColumns & LinkRule = {},
): Promise<FolderListing> {
  const classes = await readLabelFile(table, columns);
  const { images: names, folders, others } = await listFolder(folder, folder, columns);
  const files = matchFiles(table, folder, [...classes.keys()], names);
  const images = [...classes].map(([name, className]) => ({
    file: path.join(folder, files.get(name)!),
    className,
  }));
  return { images: images.sort(byClassThenName), leftOut: [...folders, ...others] };
}

/** The file that each name of the table means; every file is meant by one name. */
function matchFiles(
  table: string,
  folder: string,
  wanted: readonly string[],
  there: readonly string[],
): Map<string, string> {
  const outside = wanted.filter(name => /[/\\]/.test(name));
  if (outside.length > 0) {
    throw new InvalidOwnImages(
      table,
      `names ${quoted(outside)}; only files of ${folder} itself are taken, by their names without folders`,
    );
  }
  const byStem = new Map<string, string[]>();
  for (const file of there) {
    const { name: stem } = path.parse(file);
    byStem.set(stem, [...(byStem.get(stem) ?? []), file]);
  }
  const exact = new Set(there);
  const meant = new Map(wanted.map(name => [name, exact.has(name) ? [name] : (byStem.get(name) ?? [])]));
  const absent = wanted.filter(name => meant.get(name)!.length === 0);
  if (absent.length > 0) {
    throw new InvalidOwnImages(
      table,
      `names ${absent.length} images that are not in ${folder}: ${quoted(absent)}; remove the rows, or add the images`,
    );
  }
  const ambiguous = wanted.find(name => meant.get(name)!.length > 1);
  if (ambiguous !== undefined) {
    throw new InvalidOwnImages(
      table,
      `"${ambiguous}" means any of ${quoted(meant.get(ambiguous)!)}; write the extension, too`,
    );
  }
  const files = new Map([...meant].map(([name, [file]]) => [name, file]));
  const named = new Set(files.values());
  if (named.size < files.size) {
    const twice = wanted.find(
      (name, i) => wanted.findIndex(other => files.get(other) === files.get(name)) < i,
    )!;
    throw new InvalidOwnImages(
      table,
      `names "${files.get(twice)}" a second time, as "${twice}"; one row an image`,
    );
  }
  const nameless = there.filter(file => !named.has(file));
  if (nameless.length > 0) {
    throw new InvalidOwnImages(
      folder,
      `${nameless.length} images have no row in ${table}: ${quoted(nameless)}; add rows, or take the images out of the folder`,
    );
  }
  return files;
}

function byClassThenName(a: LabelledFile, b: LabelledFile): number {
  const [left, right] = [a, b].map(({ className, file }) => `${className}\0${file}`);
  return left < right ? -1 : 1;
}

interface Listing {
  images: string[];
  folders: string[];
  others: string[];
}

/** What lies in a folder, sorted, hidden files left out; links count as what they lead to, within `root`. */
async function listFolder(folder: string, root: string, { followLinks = false }: LinkRule): Promise<Listing> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new InvalidOwnImages(folder, `cannot be read as a folder (${error.code})`, error);
  });
  const listing: Listing = { images: [], folders: [], others: [] };
  const visible = entries.filter(({ name }) => !name.startsWith('.'));
  for (const entry of visible.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const place = path.join(folder, entry.name);
    if (entry.isSymbolicLink() && !followLinks) await requireWithin(place, root);
    const kind = entry.isSymbolicLink() ? await stat(place).catch(() => entry) : entry;
    if (kind.isDirectory()) listing.folders.push(entry.name);
    else if (isImageName(entry.name)) listing.images.push(entry.name);
    else listing.others.push(entry.name);
  }
  return listing;
}

/** A folder may have been made by someone else: what is not in it is not taken in unasked. */
async function requireWithin(link: string, root: string): Promise<void> {
  const target = await realpath(link).catch((error: NodeJS.ErrnoException) => {
    throw new InvalidOwnImages(link, `is a link that leads nowhere (${error.code}); remove it`, error);
  });
  const way = path.relative(await realpath(root), target);
  if (way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way)) {
    throw new InvalidOwnImages(
      link,
      `is a link to ${target}, out of the folder; say --follow-links to take that in`,
    );
  }
}
