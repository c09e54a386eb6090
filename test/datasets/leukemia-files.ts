// Small archives and folders in the two forms of the leukemia images: real TIFF files of their true sizes.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import sharp, { type TiffOptions } from 'sharp';
import type { LeukemiaRules } from '../../datasets/leukemia/leukemia.ts';
import { leukemiaClasses } from '../../datasets/leukemia/leukemia-set.ts';
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { encodeNpy } from '../../numeric/arrays/npy.ts';
import { Random } from '../../numeric/random.ts';

export const leukemiaRules: Required<LeukemiaRules> = {
  classes: leukemiaClasses.slice(0, 3),
  classCounts: [4, 3, 2],
};
export const labels = [0, 0, 0, 0, 1, 1, 1, 2, 2];

/** Image `i`, `[size, size, channels]`: a blot in the colour of its class and a size of its own, on a light ground. */
export function cellImage(i: number, size: number, channels: 3 | 4 = 3): NdArray<Uint8Array> {
  const random = new Random(1).fork('cell', i);
  const ink = [0, 1, 2].map(
    channel => (channel === labels[i % labels.length] ? 0 : 150) + random.integer(20),
  );
  const radius = size * random.uniform(0.2, 0.4);
  const data = new Uint8Array(size * size * channels);
  for (let pixel = 0; pixel < size * size; pixel++) {
    const [y, x] = [Math.floor(pixel / size) - size / 2, (pixel % size) - size / 2];
    const isInside = x * x + y * y < radius * radius;
    for (let channel = 0; channel < 3; channel++) {
      data[pixel * channels + channel] = isInside ? ink[channel] : 200 + ((pixel + channel) % 40);
    }
    if (channels === 4) data[pixel * 4 + 3] = y > size * 0.45 ? 128 : 255; // a border that is not fully opaque
  }
  return ndarray(data, [size, size, channels]);
}

/** The bytes of a TIFF file of that image. */
export function tiff(
  { data, shape: [height, width, channels] }: NdArray<Uint8Array>,
  compression: TiffOptions['compression'] = 'none',
): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: channels as 3 | 4 } })
    .tiff({ compression, predictor: 'none' })
    .toBuffer();
}

/** The members of MedIMeta's archive, by name; `copies` of the set one after the other, each image a different one. */
export async function medimetaMembers(copies = 1): Promise<Record<string, Uint8Array>> {
  const all = Array.from({ length: copies }, () => labels).flat();
  const images = all.map(async (_, i) => [
    `aml/images/${String(i).padStart(6, '0')}.tiff`,
    await tiff(cellImage(i, 224)),
  ]);
  return {
    'aml/info.yaml': Buffer.from('id: aml\n'),
    'aml/annotations.csv': annotations(all),
    ...Object.fromEntries(await Promise.all(images)),
    'aml/task_labels/morphological class.npy': encodeNpy(ndarray(Int32Array.from(all), [all.length])),
  };
}

/** A table as MedIMeta writes it. */
export function annotations(which: readonly (number | string)[]): Uint8Array {
  const header =
    'filepath,tasks/morphological class,original_filepath,original_split,first_reannotation,original_size';
  const rows = which.map(
    (label, i) => `images/${String(i).padStart(6, '0')}.tiff,${label},AML/${i}.tiff,train,,"(400, 400)"`,
  );
  return Buffer.from(`${[header, ...rows].join('\n')}\n`);
}

/** The files of TCIA's package, by path: RGBA, in a folder for each class; and its list of annotations. `copies` as above. */
export async function originals(copies = 1): Promise<Record<string, Uint8Array>> {
  const counts = [0, 0, 0];
  const all = Array.from({ length: copies }, () => labels).flat();
  const paths = all.map(label => {
    const { short } = leukemiaRules.classes[label];
    return `${short}/${short}_${String(++counts[label]).padStart(4, '0')}.tiff`;
  });
  const compressions = ['none', 'lzw', 'packbits'] as const;
  const images = paths.map(async (file, i) => [
    `PKG - AML-Cytomorphology_LMU/AML-Cytomorphology/${file}`,
    await tiff(cellImage(i, 400, 4), compressions[i % 3]),
  ]);
  const lines = paths.map(file => `${file} ${file.slice(0, 3)} nan nan\n`);
  return {
    ...Object.fromEntries(await Promise.all(images)),
    'annotations.dat': Buffer.from(lines.join('')),
  };
}

export function zip(members: Record<string, Uint8Array | undefined>): Uint8Array {
  const there = Object.entries(members).filter(([, bytes]) => bytes !== undefined);
  return zipSync(Object.fromEntries(there) as Zippable, { level: 1 });
}

export function writeFolder(folder: string, files: Record<string, Uint8Array>): void {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), bytes);
  }
}
