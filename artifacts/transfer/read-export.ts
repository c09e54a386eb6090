// Takes an export into a store: every piece held against its digest, each artifact whole or not at all, what is there already passed over;
// so the same command goes on where an earlier one was interrupted.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { ignoreMissing, replaceWhole } from '../durable.ts';
import { Manifest } from '../manifest.ts';
import { openSealedJson } from '../sealed-json.ts';
import type { Store } from '../store.ts';
import {
  type ExportIndex,
  InvalidExport,
  indexName,
  keyOfPlace,
  type Piece,
  parseIndex,
} from './index-file.ts';

export interface Imported {
  experiment: string;
  /** Artifacts that were taken in, and that were there. */
  artifacts: number;
  present: number;
  /** Records, checkpoints and images that were written. */
  others: number;
}

/**
 * Takes in all of a file that is whole.
 * @throws InvalidExport where it is no export, where images of one's own would be replaced (before anything is written), and, when
 * the rest has been taken in, where pieces are damaged or missing: it names them
 */
export async function readExport(store: Store, file: string): Promise<Imported> {
  const members = membersOf(file);
  const index = await readIndex(members, file);
  requireNoOtherImages(store.folder, index);
  const left = new Map(index.pieces.map(piece => [piece.place, piece]));
  const imported: Imported = { experiment: index.experiment, artifacts: 0, present: 0, others: 0 };
  const damaged: string[] = [];
  let reading: Piece | undefined;
  /** The next member that the index knows. */
  const next = async (): Promise<{ piece: Piece; body: Entry } | undefined> => {
    for (;;) {
      reading = undefined;
      const { value: body, done } = await members.next();
      if (done) return undefined;
      reading = left.get(body.header.name);
      if (reading && left.delete(reading.place)) return { piece: reading, body };
      await drain(body);
    }
  };
  /** Writes a member to a file; whether it is whole. */
  const write = async ({ piece, body }: { piece: Piece; body: Entry }, target: string) => {
    const isWhole = (await writeFile(body, target)) === piece.sha256;
    if (!isWhole) damaged.push(piece.place);
    return isWhole;
  };

  const takeArtifact = async ({ piece, body }: { piece: Piece; body: Entry }) => {
    const key = keyOfPlace(piece.place);
    const manifest = parseManifest(await buffer(body), piece);
    const rest = index.pieces
      .filter(({ place }) => place.startsWith(`${path.posix.dirname(piece.place)}/`))
      .slice(1);
    if (!manifest) damaged.push(piece.place);
    const isHere = manifest !== undefined && (await store.find(key)) !== undefined;
    const takeFiles = async (folder: string) => {
      for (const _ of rest) {
        const member = await next();
        if (!member) return;
        const name = path.posix.relative(path.posix.dirname(piece.place), member.piece.place);
        await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
        await write(member, path.join(folder, name));
      }
    };
    if (!manifest || isHere) for (const _ of rest) await drain((await next())?.body);
    else if (await store.adopt(manifest, takeFiles)) imported.artifacts++;
    if (isHere) imported.present++;
  };

  const takeOther = async (member: { piece: Piece; body: Entry }) => {
    const target = path.join(store.folder, member.piece.place);
    if (!(await isWanted(store, member.piece.place))) return drain(member.body);
    await replaceWhole(target, async temporary => {
      const isTaken = (await write(member, temporary)) && (await isNewer(temporary, target));
      if (isTaken) imported.others++;
      return isTaken;
    });
  };

  try {
    for (let member = await next(); member; member = await next()) {
      await (member.piece.place.startsWith('artifacts/') ? takeArtifact(member) : takeOther(member));
    }
  } catch (error) {
    if (!isOfTar(error)) throw error;
    if (reading) damaged.push(reading.place); // and what comes after it is missing
  }
  for (const place of placesBeside(index)) await store.push(place);
  if (damaged.length > 0 || left.size > 0) throw faulty(file, index, damaged, [...left.keys()]);
  return imported;
}

type Entry = Readable & { header: Header };
type Members = AsyncGenerator<Entry, undefined>;

async function* membersOf(file: string): Members {
  const tar = extract();
  const entries = tar[Symbol.asyncIterator]();
  let body: Entry | undefined;
  const reading = pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), tar);
  const broken = new Promise<never>((_, reject) =>
    reading.catch(error => {
      body?.destroy(error); // whoever reads it, or waits for the next, would wait for ever
      reject(error);
    }),
  );
  broken.catch(() => {});
  for (;;) {
    const { value, done } = await Promise.race([entries.next(), broken]);
    if (done) return;
    body = value as unknown as Entry;
    yield body;
  }
}

async function readIndex(members: Members, file: string): Promise<ExportIndex> {
  const none = () =>
    new InvalidExport(`${file}: is no export of an experiment; "simcne store export" makes one`);
  try {
    const first = await members.next();
    if (first.done || first.value.header.name !== indexName) throw none();
    return parseIndex(String(await buffer(first.value)), file);
  } catch (error) {
    throw isOfTar(error) ? none() : error;
  }
}

/** tar-stream's errors are without a name: of a header that is damaged, or an end that comes too early. */
function isOfTar(error: unknown): boolean {
  return /tar header|Unexpected end of data|Stream was destroyed|Premature close/i.test(
    (error as Error).message,
  );
}

function requireNoOtherImages(folder: string, { pieces }: ExportIndex): void {
  for (const { place } of pieces) {
    const [kind, set, content, file] = place.split('/');
    if (kind !== 'own-images' || file === undefined) continue;
    const here = path.join(folder, kind, set);
    if (!existsSync(path.join(here, 'set.json')) || existsSync(path.join(here, content))) continue;
    throw new InvalidExport(
      `${set}: other images are kept here under this name; "simcne data remove ${set}" lets the export's take their place`,
    );
  }
}

function parseManifest(bytes: Buffer, { sha256 }: Piece): Manifest | undefined {
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) return undefined;
  return Manifest.parse(openSealedJson(String(bytes)));
}

/** Records that may be newer than those here; of all else, what is not here. */
async function isWanted(store: Store, place: string): Promise<boolean> {
  if (/^(cells|experiments)\//.test(place)) return true;
  if (existsSync(path.join(store.folder, place))) return false;
  return !place.startsWith('checkpoints/') || (await store.find(keyOfPlace(place))) === undefined;
}

/** Whether a record was written after the one here, if there is one. */
async function isNewer(incoming: string, here: string): Promise<boolean> {
  const timeOf = (text: string) => {
    try {
      const { finishedAt, madeAt } = JSON.parse(text) as Record<string, string | undefined>;
      return finishedAt ?? madeAt ?? '';
    } catch {
      return ''; // damaged
    }
  };
  const text = await readFile(here, 'utf8').catch(ignoreMissing);
  return text === undefined || timeOf(await readFile(incoming, 'utf8')) > timeOf(text);
}

/** Writes a member to a file; its digest. */
async function writeFile(body: Readable, file: string): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(file, 'w');
  try {
    for await (const chunk of body) {
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}

async function drain(body: Entry | undefined): Promise<void> {
  if (body) for await (const _ of body);
}

/** What other hosts are given of an export, beside its artifacts. */
function placesBeside({ pieces }: ExportIndex): Set<string> {
  const beside = pieces.filter(({ place }) => !/^(artifacts|checkpoints|running)\//.test(place));
  return new Set(beside.map(({ place }) => place));
}

function faulty(file: string, { pieces }: ExportIndex, damaged: string[], missing: string[]): InvalidExport {
  const shown = [
    ...damaged.map(place => `${place} is damaged`),
    ...missing.map(place => `${place} is missing`),
  ];
  const more = shown.length > 10 ? `\n  and ${shown.length - 10} more` : '';
  return new InvalidExport(
    `${file}: ${shown.length} of its ${pieces.length} files are not whole, the others were taken in; with a whole copy the same command goes on\n  ${shown.slice(0, 10).join('\n  ')}${more}`,
  );
}
