// TCIA's form of the leukemia images: a folder for each class, BAS/BAS_0001.tiff …, and annotations.dat where it was packed too.

import { inflate, type ZipMember } from '../formats/zip.ts';
import type { ImageClass } from '../image-set.ts';
import type { LeukemiaForm } from './leukemia-form.ts';

const size = 400; // pixels

/** Finds the images, and their labels by their folders; undefined where the archive is not of this form. */
export async function findOriginals(
  members: ReadonlyMap<string, ZipMember>,
  classes: readonly ImageClass[],
): Promise<LeukemiaForm | undefined> {
  const labelOf = new Map(classes.map(({ short }, label) => [short, label]));
  const found = new Map<string, { name: string; label: number }>(); // by path in annotations.dat, less its extension
  for (const name of members.keys()) {
    const { folder, stem } = /(?:^|\/)(?<folder>[A-Z]+)\/(?<stem>\w+)(\.tiff?)+$/i.exec(name)?.groups ?? {};
    const label = labelOf.get(folder);
    if (label === undefined) continue;
    const key = `${folder}/${stem}`;
    const twin = found.get(key);
    if (twin) throw new Error(`${key} is there twice, as ${twin.name} and ${name}`);
    found.set(key, { name, label });
  }
  if (found.size === 0) return undefined;
  const annotations = [...members.values()].find(({ name }) => /(^|\/)annotations\.dat$/.test(name));
  if (annotations) await requireAnnotated(annotations, new Set(found.keys()));
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, image]) => image);
  return {
    labels: Int32Array.from(sorted, ({ label }) => label),
    images: sorted.map(({ name }) => name),
    size,
  };
}

/** Its lines are `BAS/BAS_0001.tiff BAS nan nan`: path, label, two further annotations. They and the images must be the same. */
async function requireAnnotated(member: ZipMember, found: ReadonlySet<string>): Promise<void> {
  const text = new TextDecoder().decode(await inflate(member, 1 << 22));
  const lines = text.split('\n').filter(line => line.trim() !== '');
  const annotated = new Set<string>();
  for (const line of lines) {
    const [file, label] = line.trim().split(/\s+/);
    const key = file.replace(/(\.tiff?)+$/i, '');
    if (!found.has(key)) throw new Error(`${member.name} names ${file}, which is missing`);
    if (!file.startsWith(`${label}/`)) throw new Error(`${member.name}: ${file} is annotated as ${label}`);
    annotated.add(key);
  }
  const missing = [...found].find(key => !annotated.has(key));
  if (missing) throw new Error(`${member.name} does not name ${missing}`);
}
