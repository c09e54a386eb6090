// Checkpoints of one training: addressed by its recipe, written whole, two kept, so that a damaged one loses little, and those whose
// weights the artifact takes at the end: snapshots. Attempts need not know of each other: names tell what is behind, and only that
// is removed.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing, writeWhole } from '../artifacts/durable.ts';
import {
  decodeTrainingState,
  encodeTrainingState,
  type TrainingPosition,
  type TrainingState,
} from '../learning/training-state.ts';
import { type CheckpointName, listCheckpoints, nameOfCheckpoint } from './checkpoint-names.ts';
import { notBefore } from './not-before.ts';

/** How much work is done again at most: a checkpoint comes when either is reached. */
export interface CheckpointInterval {
  epochs: number;
  ms: number;
}

const usualInterval: CheckpointInterval = { epochs: 25, ms: 20_000 };
/** Of the time, that writing may take where the machine or its disk is slow; a kill costs `longestMs` at most all the same. */
const share = 1 / 50;
const longestMs = 5 * 60_000;
const kept = 2;

/** What becomes of a checkpoint: told by name, so that the ledger knows whose work went on. */
export type CheckpointEvent =
  | { wentOnFrom: string | null }
  | { wrote: string; seconds: number; bytes: number };

export interface Checkpoints {
  /**
   * The furthest state that is whole, and all snapshots before it; undefined if there is none. What is written from here on follows it.
   */
  latest(): Promise<TrainingState | undefined>;
  /** Called between batches: writes the state if the last one is old enough, or if this is a snapshot. */
  offer(state: () => TrainingState, at: TrainingPosition): Promise<void>;
  /** Writes the state now: the training is about to stop. */
  write(state: () => TrainingState): Promise<void>;
  /** The states at every `snapshotEvery` epochs of this training, in their order, up to the first that is not whole. */
  snapshots(): AsyncGenerator<TrainingState>;
}

interface CheckpointOptions {
  /** Trainings begun before this ISO time do not count. */
  after?: string;
  interval?: CheckpointInterval;
  /** Epochs from one snapshot to the next; there are none where it is left out. */
  snapshotEvery?: number;
  onEvent?: (event: CheckpointEvent) => void;
}

/** The checkpoints in a folder, which need not exist. */
export function openCheckpoints(
  folder: string,
  { after = '', interval = usualInterval, snapshotEvery, onEvent = () => {} }: CheckpointOptions = {},
): Checkpoints {
  let began = notBefore(after);
  let last = { epoch: 0, batch: 0, writtenAt: Date.now() };
  let pauseMs = interval.ms;
  const isSnapshot = ({ epoch, batch }: TrainingPosition) =>
    snapshotEvery !== undefined && batch === 0 && epoch > 0 && epoch % snapshotEvery === 0;

  const write = async (read: () => TrainingState) => {
    const started = performance.now();
    const state = read();
    const { epoch, batch } = state;
    if (epoch === last.epoch && batch === last.batch) return;
    const bytes = encodeTrainingState(state);
    const name = { epoch, batch, began, digest: digestOf(bytes) };
    await mkdir(folder, { recursive: true });
    await writeWhole(path.join(folder, nameOfCheckpoint(name)), bytes);
    last = { epoch, batch, writtenAt: Date.now() };
    const seconds = (performance.now() - started) / 1000;
    pauseMs = Math.max(interval.ms, Math.min((1000 * seconds) / share, longestMs));
    onEvent({ wrote: nameOfCheckpoint(name), seconds, bytes: bytes.length });
    for (const old of superseded(await listCheckpoints(folder), name)) {
      if (old.began === began && isSnapshot(old)) continue;
      await rm(path.join(folder, old.name), { force: true });
    }
  };

  async function* snapshotsOf(training: string): AsyncGenerator<TrainingState> {
    const all = (await listCheckpoints(folder)).filter(one => one.began === training && isSnapshot(one));
    let next = snapshotEvery;
    for (const one of all) {
      if (one.epoch !== next) continue; // another attempt's of an epoch that is given
      const state = await readState(path.join(folder, one.name), one.digest);
      if (!state) continue;
      yield state;
      next = one.epoch + snapshotEvery!;
    }
  }

  const hasSnapshots = async ({ began, epoch }: CheckpointName) => {
    if (snapshotEvery === undefined) return true;
    let given = 0;
    for await (const snapshot of snapshotsOf(began)) given = snapshot.epoch;
    return epoch < given + snapshotEvery;
  };

  return {
    async latest() {
      const candidates = (await listCheckpoints(folder)).filter(one => one.began >= after);
      for (const one of candidates.reverse()) {
        const state = await readState(path.join(folder, one.name), one.digest);
        if (!state || !(await hasSnapshots(one))) continue;
        began = one.began;
        last = { epoch: one.epoch, batch: one.batch, writtenAt: Date.now() };
        onEvent({ wentOnFrom: one.name });
        return state;
      }
      onEvent({ wentOnFrom: null });
      return undefined;
    },
    async offer(state, at) {
      const isDue = at.epoch - last.epoch >= interval.epochs || Date.now() - last.writtenAt >= pauseMs;
      if (isDue || isSnapshot(at)) await write(state);
    },
    write,
    snapshots: () => snapshotsOf(began),
  };
}

/** What a new checkpoint makes useless: those behind it but one, and all of trainings that began before. */
function superseded(all: CheckpointName[], mine: Omit<CheckpointName, 'name'>): CheckpointName[] {
  const isBehind = (one: CheckpointName) =>
    one.epoch < mine.epoch || (one.epoch === mine.epoch && one.batch <= mine.batch);
  const own = all.filter(one => one.began === mine.began && isBehind(one));
  return [...all.filter(one => one.began < mine.began), ...own.slice(0, -kept)];
}

/**
 * Undefined where the file is gone, damaged, or of a form that this version does not read. That it could not be read (too many
 * open files, a disk that fails) says nothing about what it holds, and is thrown.
 */
async function readState(file: string, digest: string): Promise<TrainingState | undefined> {
  const bytes = await readFile(file).catch(ignoreMissing);
  if (bytes === undefined || digestOf(bytes) !== digest) return undefined;
  try {
    return decodeTrainingState(bytes);
  } catch {
    return undefined;
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
