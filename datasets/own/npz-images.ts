// Images of one's own in an .npz file of MedMNIST's form: train, test and val parts, or plain `images` and `labels`.
import { stat } from 'node:fs/promises';
import { decodeNpy } from '../../numeric/npy.ts';
import { inflate, withZip, type ZipMember } from '../zip.ts';
import { imageHeader, longestHeader, readImages } from './npz-image-array.ts';
import { InvalidOwnImages, labelled, type OwnImages } from './own-images.ts';

/** What stands before `images` and `labels`; the splits in the authors' order (scripts/mnist.py). */
const prefixes = ['train_', 'test_', 'val_', ''];

/**
 * Opens a file: images uint8 `[n, height, width]`, `[n, height, width, 1]` (grey, as three equal channels) or
 * `[n, height, width, 3]`; labels whole numbers `[n]` or `[n, 1]`. `names` are those of the labels 0, 1, 2, …
 * @throws InvalidOwnImages where the archive is damaged, an array is missing, or of another type or shape.
 */
export async function openNpzImages(file: string, names?: readonly string[]): Promise<OwnImages> {
  const labels: number[] = [];
  const found = await withArchive(file, async archive => {
    const present = prefixesIn(archive);
    for (const prefix of present) {
      const { n } = await imageHeader(file, archive.get(`${prefix}images.npy`)!);
      for (const label of await readLabels(archive, prefix, n)) labels.push(label);
    }
    return present;
  });
  return {
    ...labelled(labels.map(label => nameOf(file, label, names))),
    read: (take, signal) =>
      withArchive(
        file,
        async archive => {
          for (const prefix of found)
            await readImages(file, archive.get(`${prefix}images.npy`)!, take, signal);
        },
        signal,
      ),
  };
}

interface Archive {
  readonly file: string;
  get(name: string): ZipMember | undefined;
  names(): string[];
}

/** Opens the archive for `use`; what is wrong with it becomes one message, what is wrong with the disk stays as it is. */
async function withArchive<T>(
  file: string,
  use: (archive: Archive) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  try {
    const { size } = await stat(file);
    return await withZip(file, members => {
      const archive = { file, get: (name: string) => members.get(name), names: () => [...members.keys()] };
      for (const member of members.values()) requireHonestSize(file, member, size);
      return use(archive);
    });
  } catch (error) {
    signal?.throwIfAborted();
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (error instanceof InvalidOwnImages || /^(ENOSPC|EDQUOT|EIO)$/.test(code)) throw error;
    const problem = /^E[A-Z]+$/.test(code)
      ? `cannot be read (${code})`
      : `damaged, or no .npz archive: ${message}`;
    throw new InvalidOwnImages(file, problem, error);
  }
}

const mostCompression = 100; // images come to a half or a tenth; even masks hardly to a hundredth
const alwaysAllowed = 1 << 26; // bytes

/** Nothing is inflated of an archive that promises far more than images can be packed into it ("zip bomb"). */
function requireHonestSize(file: string, { name, bytes }: ZipMember, archiveBytes: number): void {
  const most = Math.max(alwaysAllowed, mostCompression * archiveBytes);
  if (bytes > most) {
    throw new InvalidOwnImages(
      file,
      `${name} declares ${bytes} bytes, more than ${mostCompression} times the ${archiveBytes} of the whole archive; save it uncompressed (numpy.savez) if that is true`,
    );
  }
}

/** Which of the pairs are there: splits, or the one without prefix. */
function prefixesIn(archive: Archive): string[] {
  const here = (name: string) => archive.get(`${name}.npy`) !== undefined;
  const present = prefixes.filter(prefix => here(`${prefix}images`) || here(`${prefix}labels`));
  if (present.length === 0 || (present.length > 1 && present.includes(''))) {
    throw new InvalidOwnImages(
      archive.file,
      `holds ${archive.names().join(', ') || 'nothing'}; wanted are train_images, train_labels (and the same of val and test), or images and labels alone`,
    );
  }
  for (const prefix of present) {
    for (const [name, other] of [
      ['images', 'labels'],
      ['labels', 'images'],
    ]) {
      if (!here(prefix + name)) {
        throw new InvalidOwnImages(archive.file, `${prefix}${name} is missing beside ${prefix}${other}`);
      }
    }
  }
  return present;
}

async function readLabels(archive: Archive, prefix: string, n: number): Promise<Int32Array> {
  const name = `${prefix}labels`;
  const { data, shape } = decodeNpy(await inflate(archive.get(`${name}.npy`)!, 512 * n + longestHeader));
  const isFlat = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
  if (!isFlat || shape[0] !== n) {
    throw new InvalidOwnImages(
      archive.file,
      `${name} must have shape [${n}] or [${n}, 1], one label an image, found [${shape}]`,
    );
  }
  if (!(data instanceof Int32Array || data instanceof Uint8Array)) {
    throw new InvalidOwnImages(archive.file, `${name} must be whole numbers, found ${data.constructor.name}`);
  }
  return Int32Array.from(data);
}

function nameOf(file: string, label: number, names: readonly string[] | undefined): string {
  if (names === undefined) return String(label);
  const name = names[label];
  if (name === undefined) {
    throw new InvalidOwnImages(
      file,
      `label ${label} has no name: there are ${names.length}, for labels 0 … ${names.length - 1}`,
    );
  }
  return name;
}
