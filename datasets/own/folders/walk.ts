// All files below a folder, told apart by what they are: images, and what lies beside them.
import { open, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { kindOf, telling } from '../formats/kind.ts';
import { Tally } from '../left-out.ts';
import { InvalidOwnImages } from '../own-images.ts';

export interface FoundFiles {
  /** Of images: paths below the folder, with slashes, sorted. */
  readonly images: readonly string[];
  /** Files that are no images, and do not claim to be; empty folders. */
  readonly passedOver: Tally;
}

/** Whether links that lead out of the folder are followed. */
export interface LinkRule {
  readonly followLinks?: boolean;
}

const claimsToBeImage = /\.(png|jpe?g|jpe|jfif|tiff?|webp|gif|bmp|avif|dcm|dicom)$/i;
const ofTheSystem = /^(\.|__MACOSX$|Thumbs\.db$|desktop\.ini$|@eaDir$)/i;
const mostFolders = 32; // one within the other

/**
 * Finds the images of a folder, at any depth. Files of the system (hidden ones, `__MACOSX`, `Thumbs.db`) are passed over.
 * @throws InvalidOwnImages where the folder cannot be read, holds no image, or a link leads out of it
 */
export async function findImages(
  folder: string,
  { followLinks = false }: LinkRule = {},
): Promise<FoundFiles> {
  const images: string[] = [];
  const passedOver = new Tally();
  const root = await realpath(folder).catch((error: NodeJS.ErrnoException) => {
    throw new InvalidOwnImages(folder, `cannot be read as a folder (${error.code})`, error);
  });
  if ((await stat(root)).isFile()) {
    throw new InvalidOwnImages(
      folder,
      'is a file: name the folder that it lies in, or unpack it where it is an archive',
    );
  }
  async function walk(below: string, depth: number): Promise<void> {
    const entries = await readdir(path.join(folder, below), { withFileTypes: true }).catch(
      (error: NodeJS.ErrnoException) => {
        throw new InvalidOwnImages(
          path.join(folder, below),
          `cannot be read as a folder (${error.code})`,
          error,
        );
      },
    );
    if (entries.length === 0 && below !== '') passedOver.add('empty folders', below);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = path.posix.join(below, entry.name);
      const place = path.join(folder, name);
      if (ofTheSystem.test(entry.name)) {
        passedOver.add('files of the system', name);
        continue;
      }
      if (entry.isSymbolicLink() && !followLinks) await requireWithin(place, root);
      const kind = entry.isSymbolicLink() ? await stat(place).catch(() => entry) : entry;
      if (kind.isDirectory()) {
        if (depth >= mostFolders)
          throw new InvalidOwnImages(place, `lies ${mostFolders} folders deep; do links lead round?`);
        await walk(name, depth + 1);
      } else if (kind.isFile() && (claimsToBeImage.test(name) || (await isImage(place)))) images.push(name);
      else passedOver.add('files that are no images', name);
    }
  }
  await walk('', 0);
  if (images.length === 0) throw new InvalidOwnImages(folder, 'no image in this folder, nor below it');
  return { images: images.sort(), passedOver };
}

async function isImage(file: string): Promise<boolean> {
  const descriptor = await open(file).catch(() => undefined);
  if (!descriptor) return false;
  try {
    const { buffer, bytesRead } = await descriptor.read(Buffer.alloc(telling), 0, telling, 0);
    return kindOf(buffer.subarray(0, bytesRead)) !== 'other';
  } finally {
    await descriptor.close();
  }
}

/** A folder may have been made by someone else: what is not in it is not taken in unasked. */
async function requireWithin(link: string, root: string): Promise<void> {
  const target = await realpath(link).catch((error: NodeJS.ErrnoException) => {
    throw new InvalidOwnImages(link, `is a link that leads nowhere (${error.code}); remove it`, error);
  });
  const way = path.relative(root, target);
  if (way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way)) {
    throw new InvalidOwnImages(
      link,
      `is a link to ${target}, out of the folder; say --follow-links to take that in`,
    );
  }
}
