// How checkpoints are named: `epoch-<number>-<digest>`, so that a listing tells which is newest, and a reader whether it is whole.
import { readdir } from 'node:fs/promises';

export interface CheckpointName {
  name: string;
  epoch: number;
  digest: string;
}

export function nameOfCheckpoint(epoch: number, digest: string): string {
  return `epoch-${String(epoch).padStart(6, '0')}-${digest}`;
}

/** The checkpoints in a folder, oldest first; none where there is no folder. */
export async function listCheckpoints(folder: string): Promise<CheckpointName[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  return names.sort().flatMap(name => {
    const [, epoch, digest] = /^epoch-(\d{6})-([0-9a-f]{64})$/.exec(name) ?? [];
    return digest === undefined ? [] : [{ name, epoch: Number(epoch), digest }];
  });
}
