// MedIMeta's form of the leukemia images: images/000000.tiff … or images.hdf5, and a label for each (medimeta-pytorch, medimeta.py).
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse/sync';
import type { NdArray } from '../../numeric/arrays/array.ts';
import { decodeNpy } from '../../numeric/arrays/npy.ts';
import { openHdf5 } from '../formats/hdf5.ts';
import { inflate, type ZipMember } from '../formats/zip.ts';
import type { ImageClass } from '../image-set.ts';
import type { LeukemiaForm } from './leukemia-form.ts';

const size = 224;
const task = 'morphological class';

/** Finds the images and labels; undefined where the archive is not of this form. */
export async function findMedimeta(
  members: ReadonlyMap<string, ZipMember>,
  classes: readonly ImageClass[],
): Promise<LeukemiaForm | undefined> {
  const tiffs = [...members.keys()].filter(name => /(^|\/)images\/\d{6}\.tiff?$/.test(name)).sort();
  const hdf5 = memberAt(members, 'images.hdf5');
  if (tiffs.length === 0 && !hdf5) return undefined;
  const labels = await readLabels(members, classes);
  if (tiffs.length === 0) return { labels, images: { hdf5: hdf5!.name }, size };
  const numbers = tiffs.map(name => Number(/(\d{6})\.tiff?$/.exec(name)![1]));
  const gap = numbers.findIndex((number, i) => number !== i);
  if (gap >= 0) throw new Error(`images/${String(gap).padStart(6, '0')}.tiff is missing, or there twice`);
  if (tiffs.length !== labels.length) throw new Error(`${labels.length} labels for ${tiffs.length} images`);
  return { labels, images: tiffs, size };
}

/** The images at `indices` out of the HDF5 file, which is unpacked to the path `unpacked` meanwhile. */
export async function* medimetaImages(
  member: ZipMember,
  unpacked: string,
  { labels }: LeukemiaForm,
  indices: Int32Array,
  signal?: AbortSignal,
): AsyncGenerator<NdArray<Uint8Array>, void> {
  const shape = [labels.length, size, size, 3];
  try {
    await mkdir(path.dirname(unpacked), { recursive: true });
    await pipeline(await member.open(), createWriteStream(unpacked), { signal });
    const array = await openHdf5(unpacked, 'images');
    try {
      if (String(array.shape) !== String(shape)) {
        throw new Error(`images must have shape [${shape}], found [${array.shape}]`);
      }
      yield* array.blocks(indices);
    } finally {
      array.close();
    }
  } catch (error) {
    throw Object.assign(error as Error, { message: `${member.name}: ${(error as Error).message}` });
  } finally {
    await rm(unpacked, { force: true });
  }
}

async function readLabels(
  members: ReadonlyMap<string, ZipMember>,
  classes: readonly ImageClass[],
): Promise<Int32Array> {
  const array = memberAt(members, `task_labels/${task}.npy`);
  const table = memberAt(members, 'annotations.csv');
  const source = array ?? table;
  if (!source) throw new Error(`the labels are missing: task_labels/${task}.npy, or annotations.csv`);
  const labels = array ? await labelsOfArray(array) : await labelsOfTable(table!);
  const wrong = labels.find(label => !Number.isInteger(label) || label < 0 || label >= classes.length);
  if (wrong !== undefined) {
    throw new Error(`${source.name}: labels must be whole and in 0 … ${classes.length - 1}, found ${wrong}`);
  }
  return Int32Array.from(labels);
}

const largestTable = 1 << 24; // bytes, several times what the true ones take

async function labelsOfArray(member: ZipMember): Promise<number[]> {
  const { data, shape } = decodeNpy(await inflate(member, largestTable));
  if (shape.length !== 1) throw new Error(`${member.name} must have shape [n], found [${shape}]`);
  return [...data];
}

/** `filepath` names the image (images/000000.tiff), `tasks/morphological class` is its label. */
async function labelsOfTable(member: ZipMember): Promise<number[]> {
  const text = new TextDecoder().decode(await inflate(member, largestTable));
  const rows: Record<string, string>[] = parse(text, { columns: true, bom: true, skip_empty_lines: true });
  const column = `tasks/${task}`;
  return rows.map((row, i) => {
    if (row[column] === undefined || row[column].trim() === '') {
      throw new Error(`${member.name}: row ${i + 1} has no "${column}", only ${Object.keys(row).join(', ')}`);
    }
    const file = `images/${String(i).padStart(6, '0')}.tiff`;
    if (row.filepath !== file) {
      throw new Error(`${member.name}: row ${i + 1} must be of ${file}, found ${row.filepath}`);
    }
    return Number(row[column]);
  });
}

/** The member at that path, or at that path in the one folder that everything is packed in. */
function memberAt(members: ReadonlyMap<string, ZipMember>, name: string): ZipMember | undefined {
  return [...members.values()].find(member => member.name === name || member.name.endsWith(`/${name}`));
}
