// All that a store has of an experiment: its records, the artifacts that they name with what those were made from, and the checkpoints of
// trainings that are under way.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { cellRecords } from '../cell-record.ts';
import { definitionNamePlace, definitionPlace } from '../definition-places.ts';
import { digestOf, fileDigest } from '../digest.ts';
import { filesIn, ignoreMissing } from '../durable.ts';
import { withInputs } from '../garbage.ts';
import { isKey } from '../keyed-folders.ts';
import type { Artifact, Store } from '../store.ts';
import { manifestPlace, type Piece } from './index-file.ts';

/** A piece, and where it is read: small ones are here already, as they may change. */
export interface HeldPiece extends Piece {
  from: string | Buffer;
}

export interface ExperimentPieces {
  pieces: HeldPiece[];
  cells: number;
  artifacts: number;
  checkpoints: number;
  /** Steps that records name and whose artifacts are not there, or not whole. */
  missing: string[];
}

/** Reads what there is, and verifies it. */
export async function experimentPieces(store: Store, experiment: string): Promise<ExperimentPieces> {
  const { folder } = store;
  const records = await cellRecords(folder, experiment);
  const attempts = await filesIn(path.join(folder, 'attempts', encodeURIComponent(experiment)), '.json');
  const running = (await filesIn(path.join(folder, 'running'))).filter(
    name => decodeURIComponent(name).split('/')[0] === experiment,
  );
  const uses = await Promise.all(running.map(name => readFile(path.join(folder, 'running', name), 'utf8')));
  const recorded = new Map(records.flatMap(({ steps }) => steps.map(step => [step.key, step] as const)));
  const named = [
    ...recorded.keys(),
    ...attempts.map(name => name.split('-')[0]),
    ...uses.flatMap(text => text.split('\n')),
  ];
  const keys = withInputs(named.filter(isKey), await store.manifests());
  const found: ExperimentPieces = {
    pieces: [],
    cells: records.length,
    artifacts: 0,
    checkpoints: 0,
    missing: [],
  };
  for (const key of keys) {
    const step = recorded.get(key);
    const artifact = await store.find(key, step?.digest);
    const pieces = artifact ? await artifactPieces(artifact) : await checkpointPieces(store, key);
    found.pieces.push(...pieces);
    if (artifact) found.artifacts++;
    else if (step) found.missing.push(`${step.step} ${key.slice(0, 12)}`);
    else found.checkpoints += pieces.length;
  }
  const sets = new Set(records.map(({ address }) => address.split('/')[0]));
  for (const set of sets) found.pieces.push(...(await ownImages(store, set)));
  const beside = [
    ...(await definitionPlaces(folder, experiment)),
    ...(await filesIn(path.join(folder, 'first-seen'), '.json')).map(name => `first-seen/${name}`),
    ...running.map(name => `running/${name}`),
    ...attempts.map(name => `attempts/${encodeURIComponent(experiment)}/${name}`),
    ...(await filesIn(path.join(folder, 'cells', experiment), '.json')).map(
      name => `cells/${experiment}/${name}`,
    ),
    `experiments/${experiment}.json`,
  ];
  for (const place of beside) found.pieces.push(...(await smallPiece(folder, place)));
  return found;
}

/** Of an experiment from a file: what its name stands for. */
async function definitionPlaces(folder: string, experiment: string): Promise<string[]> {
  const place = definitionNamePlace(experiment);
  const text = await readFile(path.join(folder, place), 'utf8').catch(ignoreMissing);
  if (text === undefined) return [];
  const { digest } = JSON.parse(text) as { digest: string };
  return [definitionPlace(digest), place];
}

async function artifactPieces({ key, folder, manifest }: Artifact): Promise<HeldPiece[]> {
  const place = manifestPlace(key);
  const text = await readFile(path.join(folder, 'manifest.json'));
  const files = Object.entries(manifest.files).map(([name, { bytes, sha256 }]) => ({
    ...{ place: path.posix.join(path.posix.dirname(place), name), bytes, sha256 },
    from: path.join(folder, name),
  }));
  return [{ place, bytes: text.length, sha256: digestOf(text), from: text }, ...files];
}

/** Whole ones: their names end in their digests. */
async function checkpointPieces(store: Store, key: string): Promise<HeldPiece[]> {
  await store.pullCheckpoints(key);
  const folder = store.checkpointFolder(key);
  const pieces: HeldPiece[] = [];
  for (const name of await filesIn(folder)) {
    const [, sha256] = /-([0-9a-f]{64})$/.exec(name) ?? [];
    const from = path.join(folder, name);
    if (sha256 === undefined || (await fileDigest(from)) !== sha256) continue;
    const place = `checkpoints/${key.slice(0, 2)}/${key}/${name}`;
    pieces.push({ place, bytes: (await stat(from)).size, sha256, from });
  }
  return pieces;
}

/** Of a set that somebody brought; none of one that the catalogue has. What says that it is there comes last. */
async function ownImages(store: Store, set: string): Promise<HeldPiece[]> {
  const place = `own-images/${set}`;
  await store.pull(`${place}/`);
  const description = await smallPiece(store.folder, `${place}/set.json`);
  if (description.length === 0) return [];
  const { content } = JSON.parse(String(description[0].from)) as { content: string };
  const folder = path.join(store.folder, place, content);
  const pieces: HeldPiece[] = [];
  for (const name of await filesIn(folder)) {
    const from = path.join(folder, name);
    const { size: bytes } = await stat(from);
    pieces.push({ place: `${place}/${content}/${name}`, bytes, sha256: await fileDigest(from), from });
  }
  return [...pieces, ...description];
}

async function smallPiece(folder: string, place: string): Promise<HeldPiece[]> {
  const from = await readFile(path.join(folder, place)).catch(ignoreMissing);
  return from ? [{ place, bytes: from.length, sha256: digestOf(from), from }] : [];
}
