// Checkpoints of one training: addressed by its recipe, written whole, two kept, so that a damaged one loses little.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../artifacts/durable.ts';
import { decodeTrainingState, encodeTrainingState, type TrainingState } from '../learning/training-state.ts';
import { listCheckpoints, nameOfCheckpoint } from './checkpoint-names.ts';

const intervalMs = 20_000; // at most that much work is done again

export interface Checkpoints {
  /** The newest state whose digest is right; undefined if there is none. */
  latest(): Promise<TrainingState | undefined>;
  /** Called after every epoch: writes the state if the last one is old enough. */
  offer(state: () => TrainingState, epoch: number): Promise<void>;
  /** Removes all: the training is done. */
  clear(): Promise<void>;
}

/** The checkpoints in a folder, which need not exist; those written before `after` (an ISO time, or '') do not count. */
export function openCheckpoints(folder: string, after = ''): Checkpoints {
  let writtenAt = Date.now();
  return {
    async latest() {
      for (const { name, digest } of (await listCheckpoints(folder)).reverse()) {
        const file = path.join(folder, name);
        if ((await stat(file)).mtime.toISOString() < after) continue;
        const bytes = await readFile(file);
        if (digestOf(bytes) === digest) return decodeTrainingState(bytes);
      }
      return undefined;
    },
    async offer(state, epoch) {
      if (Date.now() - writtenAt < intervalMs) return;
      await mkdir(folder, { recursive: true });
      const bytes = encodeTrainingState(state());
      await writeWhole(path.join(folder, nameOfCheckpoint(epoch, digestOf(bytes))), bytes);
      const old = (await listCheckpoints(folder)).slice(0, -2);
      for (const { name } of old) await rm(path.join(folder, name), { force: true });
      writtenAt = Date.now();
    },
    async clear() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
