// Reads the leukemia cells of AML-Cytomorphology_LMU out of a ZIP archive: MedIMeta's copy at 224×224, or the originals of TCIA.
import path from 'node:path';
import sharp from 'sharp';
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { inflate, openZip, withZip, type ZipMember } from '../formats/zip.ts';
import { classCounts, type ImageClass, InvalidDataset, type OpenDataset } from '../image-set.ts';
import { resizeBicubic } from '../resize.ts';
import type { LeukemiaForm } from './leukemia-form.ts';
import { findMedimeta, medimetaImages } from './leukemia-medimeta.ts';
import { findOriginals } from './leukemia-originals.ts';

/** What is known of the archive before it is read. */
export interface LeukemiaRules {
  /** Their short names are the codes that name TCIA's folders. */
  readonly classes: readonly ImageClass[];
  /** Images of each class. */
  readonly classCounts?: readonly number[];
}

/**
 * Images `[n, 224, 224, 3]` and labels in the order of the annotations (by class, then by number). The originals are brought
 * to 224×224 as MedIMeta did it (Pillow's `thumbnail`, bicubic): the paper's images went that way.
 * @throws InvalidDataset where the archive is damaged or breaks one of the rules.
 */
export async function openLeukemia(
  file: string,
  scratch: string,
  rules: LeukemiaRules,
): Promise<OpenDataset> {
  const form = await withZip(file, members => formOf(members, rules)).catch(error => {
    throw damaged(file, error);
  });
  const labels = ndarray(form.labels, [form.labels.length]);
  const found = classCounts({ labels, classes: rules.classes });
  if (rules.classCounts && String(found) !== String(rules.classCounts)) {
    const counts = `expected [${rules.classCounts}] images of the classes, found [${found}]`;
    throw new InvalidDataset(file, counts, undefined, 'leukemia');
  }
  return {
    labels,
    classes: rules.classes,
    async *images(indices, signal) {
      const archive = await openZip(file);
      try {
        if ('hdf5' in form.images) {
          const unpacked = path.join(scratch, 'images.hdf5');
          yield* medimetaImages(archive.members.get(form.images.hdf5)!, unpacked, form, indices, signal);
        } else {
          yield* tiffImages(archive.members, form.images, form.size, indices);
        }
      } catch (error) {
        signal?.throwIfAborted();
        throw damaged(file, error);
      } finally {
        archive.close();
      }
    },
  };
}

async function formOf(
  members: ReadonlyMap<string, ZipMember>,
  { classes }: LeukemiaRules,
): Promise<LeukemiaForm> {
  const form = (await findMedimeta(members, classes)) ?? (await findOriginals(members, classes));
  if (form) return form;
  const [first = 'nothing'] = members.keys();
  throw new Error(
    `expected MedIMeta's images/000000.tiff … or TCIA's folders ${classes[0].short}/ … ${classes.at(-1)!.short}/, found ${first}`,
  );
}

const together = 32; // images that are decoded at the same time
const medimetaSize = 224;

async function* tiffImages(
  members: ReadonlyMap<string, ZipMember>,
  names: readonly string[],
  size: number,
  indices: Int32Array,
): AsyncGenerator<NdArray<Uint8Array>, void> {
  const length = medimetaSize ** 2 * 3;
  for (let first = 0; first < indices.length; first += together) {
    const wanted = indices.subarray(first, first + together);
    const block = new Uint8Array(wanted.length * length);
    const reading = Array.from(wanted, async (index, i) => {
      const image = await readTiff(members.get(names[index])!, size);
      block.set(resizeBicubic(image, medimetaSize).data, i * length);
    });
    await Promise.all(reading);
    yield ndarray(block, [wanted.length, medimetaSize, medimetaSize, 3]);
  }
}

/** An image `[size, size, 3]`; alpha is dropped without blending, as by Pillow's `convert("RGB")`. */
async function readTiff(member: ZipMember, size: number): Promise<NdArray<Uint8Array>> {
  const bytes = await inflate(member, size ** 2 * 8 + 65_536);
  try {
    const tiff = sharp(bytes, { ignoreIcc: true, limitInputPixels: size ** 2 });
    const { format, width, height, channels, depth } = await tiff.metadata();
    const form = `${format} ${width}×${height}, ${channels} channels of ${depth}`;
    const isRight =
      width === size && height === size && (channels === 3 || channels === 4) && depth === 'uchar';
    if (format !== 'tiff' || !isRight) {
      throw new Error(`expected a TIFF of ${size}×${size}, RGB or RGBA in 8 bits, found ${form}`);
    }
    const data = await tiff.removeAlpha().raw().toBuffer();
    return ndarray(new Uint8Array(data.buffer, data.byteOffset, data.length), [size, size, 3]);
  } catch (error) {
    throw new Error(`${member.name}: ${(error as Error).message}`, { cause: error });
  }
}

function damaged(file: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof InvalidDataset || code === 'ENOSPC' || code === 'EDQUOT') return error;
  return new InvalidDataset(file, `damaged, or no archive of the images: ${message}`, error, 'leukemia');
}
