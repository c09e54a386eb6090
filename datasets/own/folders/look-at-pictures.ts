// All pictures of a set, decoded once before any is taken: which of them can be, and which values those of more than 8 bits hold.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { NotTaken, type Picture, troubles as reasons } from '../formats/picture.ts';
import { countPictures, readPicture } from '../formats/read-picture.ts';
import type { Tally } from '../left-out.ts';
import { type LevelRange, nothingSeen, rangeText, see } from '../levels.ts';
import { rangeFor } from '../picture-levels.ts';

/** One image to come: a file, and which of its pictures. */
export interface PictureFile {
  /** Below the folder, with slashes; `#2` behind it for a picture of several. */
  readonly name: string;
  readonly file: string;
  readonly page?: number;
}

/** `all`: each picture of a file is an image. */
export type PageChoice = number | 'all' | undefined;

export interface Looked {
  readonly takable: ReadonlySet<PictureFile>;
  /** Bytes that each takes while it is decoded. */
  readonly bytes: ReadonlyMap<PictureFile, number>;
  readonly range: LevelRange | undefined;
  readonly understood: readonly string[];
}

/** The images to come of files at `names`: one each, or as many as it holds. */
export async function pictureFiles(
  folder: string,
  names: readonly string[],
  pages: PageChoice,
): Promise<PictureFile[]> {
  const found: PictureFile[] = [];
  for (const name of names) {
    const file = path.join(folder, name);
    const count = pages === 'all' ? await readFile(file).then(countPictures, () => 1) : 1;
    if (count === 1) found.push({ name, file, ...(typeof pages === 'number' && { page: pages }) });
    else for (let page = 1; page <= count; page++) found.push({ name: `${name}#${page}`, file, page });
  }
  return found;
}

/** Decodes them all, as many at once as memory allows; what cannot be taken is added to `troubles`. */
export async function lookAtPictures(
  files: readonly PictureFile[],
  troubles: Tally,
  {
    levels,
    signal,
    onProgress,
  }: { levels?: LevelRange; signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<Looked> {
  const takable = new Set<PictureFile>();
  const bytes = new Map<PictureFile, number>();
  const seen = nothingSeen();
  let [deep, windowed, shares] = [0, 0, 0];
  const refused = new Map<PictureFile, [string, string]>();
  await eachWithin(files, signal, async one => {
    try {
      const picture = await readPicture(one.file, one);
      bytes.set(one, bytesOf(picture));
      if (!picture.areLevels && see(picture.window ? nothingSeen() : seen, picture.samples) > 0) {
        throw new NotTaken('kind', 'values that are NaN or infinite');
      }
      takable.add(one);
      if (!picture.areLevels) {
        deep += 1;
        if (picture.window) windowed += 1;
        else if (picture.samples instanceof Float32Array) shares += 1;
      }
    } catch (error) {
      refused.set(one, whyRefused(error));
    }
    onProgress?.(takable.size + refused.size);
  });
  for (const one of files) {
    const [reason, found] = refused.get(one) ?? [];
    if (reason) troubles.add(reason, `${one.name} (${found})`);
  }
  if (deep === 0 && !levels) return { takable, bytes, range: undefined, understood: [] };
  const plain = deep - windowed;
  const range = levels ?? rangeFor(seen, shares === plain && plain > 0);
  const rule = levels ? 'as --levels says' : 'the range of the whole set; --levels A..B chooses another';
  const understood =
    plain > 0 && range
      ? [`${plain} of more than 8 bits: ${rangeText(range)} as levels 0 … 255, ${rule}`]
      : [];
  if (windowed > 0 && !levels) understood.push(`${windowed} by the window that each file says`);
  return { takable, bytes, range, understood };
}

/** The category, and what was found in the file. */
function whyRefused(error: unknown): [string, string] {
  if (error instanceof NotTaken) return [reasons[error.trouble], error.message];
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return ['cannot be read', code];
}

function bytesOf({ width, height, samples }: Picture): number {
  return width * height * 3 + samples.byteLength;
}

const [most, atOnce] = [3 * 2 ** 27, 8]; // bytes, files

/** Goes through files, some at once; how many is judged by their sizes on disk, of which photographs unpack to ten times as much. */
async function eachWithin(
  files: readonly PictureFile[],
  signal: AbortSignal | undefined,
  look: (file: PictureFile) => Promise<void>,
): Promise<void> {
  for (let first = 0; first < files.length; ) {
    signal?.throwIfAborted();
    const some: PictureFile[] = [];
    for (let bytes = 0; first < files.length && some.length < atOnce; first++) {
      const size =
        15 *
        (await stat(files[first].file).then(
          ({ size }) => size,
          () => 0,
        ));
      if (some.length > 0 && bytes + size > most) break;
      bytes += size;
      some.push(files[first]);
    }
    await Promise.all(some.map(look));
  }
}

/** Files in their order, those that are decoded at once together: as many as memory allows. */
export function batches(
  files: readonly PictureFile[],
  bytes: ReadonlyMap<PictureFile, number>,
): PictureFile[][] {
  const result: PictureFile[][] = [];
  let sum = Number.POSITIVE_INFINITY;
  for (const file of files) {
    const own = bytes.get(file) ?? 0;
    if (sum + own > most / 3 || result.at(-1)!.length >= atOnce) {
      result.push([]);
      sum = 0;
    }
    result.at(-1)!.push(file);
    sum += own;
  }
  return result;
}
