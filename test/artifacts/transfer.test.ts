// Claims about exports: all that a store has of an experiment, whole, in one file, whatever is done to the file or to those who read it.
import { cp, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { cellRecords, keepCellRecord } from '../../artifacts/cell-record.ts';
import { digestOf } from '../../artifacts/digest.ts';
import { writeWhole } from '../../artifacts/durable.ts';
import { keyOf } from '../../artifacts/recipe.ts';
import { noteUse } from '../../artifacts/running-cells.ts';
import { type Artifact, openStore, type Store } from '../../artifacts/store.ts';
import { experimentPieces } from '../../artifacts/transfer/experiment-pieces.ts';
import { InvalidExport } from '../../artifacts/transfer/index-file.ts';
import { readExport } from '../../artifacts/transfer/read-export.ts';
import { writeExport } from '../../artifacts/transfer/write-export.ts';
import { temporaryFolder } from '../datasets/temporary-folder.ts';
import { made, origin } from './made-artifact.ts';

let folder: string;
let from: Store;
let file: string;
const training = { step: 'train', version: 1, settings: {}, inputs: {} };
const checkpoint = `epoch-000007-batch-000000-2026-01-01T000000.000Z-${digestOf('state')}`;

beforeEach(async () => {
  folder = temporaryFolder();
  from = await openStore(path.join(folder, 'from'));
  file = path.join(folder, 'quick.tar');
});

const fresh = (name: string) => openStore(path.join(folder, name));

async function make(step: string, inputs: Record<string, string> = {}, store = from): Promise<Artifact> {
  const { artifact } = await store.make({ step, version: 1, settings: {}, inputs }, origin(), async place => {
    await mkdir(path.join(place, 'more'));
    await writeFile(path.join(place, 'more', 'array.npy'), `${step} `.repeat(500));
    await writeFile(path.join(place, 'empty'), '');
    return made;
  });
  return artifact;
}

async function record({ key, digest }: Artifact, finishedAt = '2026-01-02', store = from): Promise<void> {
  await keepCellRecord(store.folder, {
    ...{
      experiment: 'quick',
      address: 'mine/pixels-tsne',
      status: 'done',
      workflowId: 'w',
      runId: 'r',
      finishedAt,
    },
    steps: [{ step: 'score', key, digest, reused: false, seconds: 1 }],
  });
}

/** An experiment with a cell that is done, of images that somebody brought, and a training that is under way. */
async function fill(): Promise<Artifact> {
  const prepared = await make('prepare');
  const score = await make('score', { images: prepared.digest });
  await make('orphan');
  await record(score);
  await noteUse(from.folder, 'quick/mine/t-simcne/rot90/seed-1', keyOf(training));
  await noteUse(from.folder, 'smoke/other', 'f'.repeat(64));
  await writeWhole(path.join(from.checkpointFolder(keyOf(training)), checkpoint), 'state');
  await writeWhole(path.join(from.checkpointFolder(keyOf(training)), 'so-far.json'), '{}');
  const own = path.join(from.folder, 'own-images', 'mine');
  await writeWhole(path.join(own, 'c0', 'levels.bin'), 'levels');
  await writeWhole(path.join(own, 'set.json'), JSON.stringify({ content: 'c0' }));
  return score;
}

async function exported(): Promise<{ missing: string[] }> {
  const { pieces, missing } = await experimentPieces(from, 'quick');
  await writeExport('quick', pieces, file);
  return { missing };
}

async function everything(store: Store): Promise<string[]> {
  const entries = await readdir(store.folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
  return files.map(one => path.relative(store.folder, one)).sort();
}

describe('an export', () => {
  it('brings records, artifacts with what they were made from, checkpoints and images, and nothing else', async () => {
    const score = await fill();
    expect(await exported()).toEqual({ missing: [] });
    const to = await fresh('to');
    expect(await readExport(to, file)).toMatchObject({ experiment: 'quick', artifacts: 2, present: 0 });
    expect((await to.find(score.key))?.manifest).toEqual(score.manifest);
    expect(await cellRecords(to.folder, 'quick')).toEqual(await cellRecords(from.folder, 'quick'));
    expect(await to.checkpointNames(keyOf(training))).toEqual([checkpoint]);
    const left = (await everything(from)).filter(one => !(one.includes('orphan') || one.includes('so-far')));
    const orphan = (await make('orphan')).key;
    expect(await everything(to)).toEqual(left.filter(one => !one.includes(orphan) && !one.includes('smoke')));
  });

  it('taken in again finds all there; newer records and what is made here stay', async () => {
    await fill();
    await exported();
    const to = await fresh('to');
    const score = await make('score', { images: (await make('prepare', {}, to)).digest }, to);
    await record(score, '2026-01-03', to);
    expect(await readExport(to, file)).toMatchObject({ artifacts: 0, present: 2 });
    expect(await cellRecords(to.folder, 'quick')).toMatchObject([{ finishedAt: '2026-01-03' }]);
    expect(await readExport(to, file)).toMatchObject({ artifacts: 0, present: 2, others: 0 });
  });

  it('that was interrupted anywhere goes on with what is missing', async () => {
    const score = await fill();
    await exported();
    const bytes = await readFile(file);
    const part = path.join(folder, 'part.tar');
    const at = await fresh('whole');
    await readExport(at, file);
    const whole = await everything(at);
    const to = await fresh('to');
    for (let length = 0; length < bytes.length; length += 3_000) {
      await writeFile(part, bytes.subarray(0, length));
      const error = await readExport(to, part).catch(error => error);
      const isCutBehindIt = !(error instanceof Error); // what is missing was here, or is the tar file's own end
      if (isCutBehindIt) expect(await everything(to)).toEqual(whole);
      else expect(error).toBeInstanceOf(InvalidExport);
    }
    expect(await readExport(to, file)).toMatchObject({ present: 2 });
    expect((await to.find(score.key))?.digest).toBe(score.digest);
  });

  it('of which any bit is turned is told by the file that it hit, the others are taken in, and nothing damaged is', async () => {
    const score = await fill();
    await exported();
    const whole = await readFile(file);
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(7), async (place, bit) => {
        const bytes = Buffer.from(whole);
        bytes[place] ^= 1 << bit;
        const damaged = path.join(folder, 'damaged.tar');
        await writeFile(damaged, bytes);
        const to = await fresh(`to-${round++}`);
        const error = await readExport(to, damaged).then(
          () => undefined,
          error => error,
        );
        if (error) expect(error).toBeInstanceOf(InvalidExport);
        else expect((await to.find(score.key))?.digest).toBe(score.digest); // it hit what nobody reads
        await readExport(to, file);
        expect((await to.find(score.key))?.digest).toBe(score.digest);
        expect(await cellRecords(to.folder, 'quick')).toEqual(await cellRecords(from.folder, 'quick'));
        expect(await readFile(path.join(to.checkpointFolder(keyOf(training)), checkpoint), 'utf8')).toBe(
          'state',
        );
      }),
      { numRuns: 25 },
    );
    const at = whole.indexOf('prepare prepare');
    whole[at] ^= 1;
    await writeFile(file, whole);
    const error = await readExport(await fresh('named'), file).catch(error => error as Error);
    expect(String(error)).toMatch(
      /1 of its \d+ files are not whole[\s\S]*artifacts\/..\/\w+\/more\/array.npy is damaged/,
    );
  });

  it('says which steps of a record are missing, and takes the rest', async () => {
    const score = await fill();
    await truncate(path.join(score.folder, 'more', 'array.npy'), 3);
    expect(await exported()).toEqual({ missing: [`score ${score.key.slice(0, 12)}`] });
    expect(await readExport(await fresh('to'), file)).toMatchObject({ artifacts: 1 });
  });

  it('replaces no images of one’s own, and leads nowhere else', async () => {
    await fill();
    await exported();
    const to = await fresh('to');
    await writeWhole(path.join(to.folder, 'own-images', 'mine', 'set.json'), '{"content":"c1"}');
    await expect(readExport(to, file)).rejects.toThrow(/mine: other images are kept here/);
    expect(await to.manifests()).toEqual([]);
    const { pieces } = await experimentPieces(from, 'quick');
    const astray = pieces.map(piece => ({ ...piece, place: 'cells/../../escaped' }));
    await writeExport('quick', astray, file);
    await expect(readExport(await fresh('clean'), file)).rejects.toThrow(InvalidExport);
    expect(await readdir(folder)).not.toContain('escaped');
  });

  it('is told from other files', async () => {
    for (const contents of ['', 'text', Buffer.alloc(5_000), Buffer.alloc(5_000, 1)]) {
      await writeFile(file, contents);
      await expect(readExport(await fresh('to'), file)).rejects.toThrow(/is no export of an experiment/);
    }
    await cp(path.join(import.meta.dirname, 'transfer.test.ts'), file);
    await expect(readExport(await fresh('to'), file)).rejects.toThrow(/is no export of an experiment/);
  });
});
