// What is in an export: a tar file of places in a store, whose first member, the index, says of each how long it is and its digest.
import path from 'node:path';
import { z } from 'zod';
import { openSealedJson } from '../sealed-json.ts';

export const indexName = 'simcne-export.json';

const kinds = [
  'artifacts',
  'attempts',
  'cells',
  'checkpoints',
  'definitions',
  'experiments',
  'first-seen',
  'own-images',
  'running',
];

/** A place in a store, with `/`: nothing of it leads elsewhere. */
const Place = z.string().refine(name => {
  const [kind, ...parts] = name.split('/');
  return kinds.includes(kind) && parts.length > 0 && parts.every(part => !['', '.', '..'].includes(part));
}, 'is no place in a store');

export const Piece = z.strictObject({
  place: Place,
  bytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Piece = z.infer<typeof Piece>;

export const ExportIndex = z.strictObject({
  /** Of this form; others are of later versions. */
  form: z.literal(1),
  experiment: z.string(),
  /** ISO 8601. */
  madeAt: z.string(),
  pieces: z.array(Piece),
});
export type ExportIndex = z.infer<typeof ExportIndex>;

/** The file is no export, or not all of it is whole. */
export class InvalidExport extends Error {
  override name = 'InvalidExport';
}

/** The index as the text of an export's first member gives it. @throws InvalidExport */
export function parseIndex(text: string, file: string): ExportIndex {
  try {
    return ExportIndex.parse(openSealedJson(text));
  } catch {
    throw new InvalidExport(`${file}: its index is damaged, or of another version; copy or export it again`);
  }
}

/** The key that a piece of an artifact, or a checkpoint, belongs to. */
export function keyOfPlace(place: string): string {
  return place.split('/')[2];
}

/** The manifest of the artifact of a key: the first of its pieces. */
export const manifestPlace = (key: string): string =>
  path.posix.join('artifacts', key.slice(0, 2), key, 'manifest.json');
