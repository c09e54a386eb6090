// The published files behind a step: downloaded, or taken over from where somebody put them; verified, and kept until all are here.
import { access, mkdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { type FetchHooks, fetchFile, importFile, verifyFetched } from '../datasets/fetch-file.ts';
import { ChecksumMismatch, type SourceFile } from '../datasets/source-file.ts';
import type { StepJob } from './step-work.ts';

/** A file, and the name that it has in the artifact. */
export interface WantedFile {
  readonly source: SourceFile;
  readonly keptAs: string;
}

export type BringJob = Pick<StepJob, 'folder' | 'store' | 'checkpointFolder' | 'signal' | 'onProgress'>;

/**
 * Brings all files into the step's folder; answers where each came from. Those that are in `byHand` (file name → path) are
 * copied from there, all others downloaded. A file that has arrived stays beside the checkpoints, so that an attempt that fails
 * for the sake of another one need not bring it again.
 * @throws ChecksumMismatch, Unavailable, DiskFull
 */
export async function bringFiles(
  wanted: readonly WantedFile[],
  job: BringJob,
  byHand: ReadonlyMap<string, string> = new Map(),
): Promise<Record<string, string>> {
  const { folder, checkpointFolder } = job;
  const sources: Record<string, string> = {};
  await mkdir(checkpointFolder, { recursive: true });
  for (const { source: file } of wanted) {
    sources[file.name] = await bring(file, arrivalOf(file, checkpointFolder), job, byHand.get(file.name));
  }
  for (const { source, keptAs } of wanted) {
    await rename(arrivalOf(source, checkpointFolder), path.join(folder, keptAs));
  }
  await rmdir(checkpointFolder).catch(() => {}); // whatever else lies there stays
  return sources;
}

/** Where a file waits until all are here; beside it, with `.part`, lies what has come of it so far. */
export function arrivalOf(file: SourceFile, checkpointFolder: string): string {
  return path.join(checkpointFolder, file.name);
}

async function bring(file: SourceFile, target: string, job: BringJob, from?: string): Promise<string> {
  const { signal, store } = job;
  const hooks = { signal, firstSeen: path.join(store, 'first-seen') };
  if (from !== undefined) {
    job.onProgress({ text: `${file.name} from ${from}` });
    return (await importFile(file, from, target, hooks)).source;
  }
  if (await hasArrived(file, target, hooks)) return 'an earlier attempt';
  const { source } = await fetchFile(file, target, {
    ...hooks,
    onProgress: ({ source, bytes, total }) =>
      job.onProgress({
        text: `${file.name} from ${source}`,
        fraction: total ? bytes / total : undefined,
      }),
  });
  return source;
}

/** Whether an earlier attempt brought the file; one that has been damaged since is removed. */
async function hasArrived(file: SourceFile, target: string, hooks: FetchHooks): Promise<boolean> {
  const isThere = await access(target).then(
    () => true,
    () => false,
  );
  if (!isThere) return false;
  try {
    await verifyFetched(file, target, 'an earlier attempt', hooks);
    return true;
  } catch (error) {
    if (!(error instanceof ChecksumMismatch)) throw error;
    await rm(target, { force: true });
    return false;
  }
}
