// How checkpoints are named: by position, by the beginning of the training that they belong to, and by what they hold, so that a
// listing tells which is furthest, a reader whether it is whole, and no two attempts can write different things under one name.
import { readdir } from 'node:fs/promises';
import { ignoreMissing } from '../artifacts/durable.ts';

export interface CheckpointName {
  name: string;
  /** Whole epochs done, and batches of the next one. */
  epoch: number;
  batch: number;
  /** When the training began from nothing: an ISO time. */
  began: string;
  digest: string;
}

export function nameOfCheckpoint({ epoch, batch, began, digest }: Omit<CheckpointName, 'name'>): string {
  const number = (value: number) => String(value).padStart(6, '0');
  return `epoch-${number(epoch)}-batch-${number(batch)}-${began.replaceAll(':', '')}-${digest}`;
}

/** The checkpoints in a folder, the furthest last; none where there is no folder. */
export async function listCheckpoints(folder: string): Promise<CheckpointName[]> {
  return checkpointsNamed((await readdir(folder).catch(ignoreMissing)) ?? []);
}

/** The checkpoints among these names, the furthest last. */
export function checkpointsNamed(names: string[]): CheckpointName[] {
  return names.sort().flatMap(name => {
    const [, epoch, batch, day, hour, minute, second, digest] = pattern.exec(name) ?? [];
    if (digest === undefined) return [];
    const began = `${day}T${hour}:${minute}:${second}`;
    return [{ name, epoch: Number(epoch), batch: Number(batch), began, digest }];
  });
}

const pattern = /^epoch-(\d{6})-batch-(\d{6})-(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d\.\d{3}Z)-([0-9a-f]{64})$/;
