// The published files behind a step: downloaded, or taken over from where somebody put them; verified, and kept until all are here.
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Dataset } from '../datasets/dataset.ts';
import {
  CannotTakeOver,
  type FetchedFile,
  fetchFile,
  importFile,
  verifyFetched,
} from '../datasets/fetching/fetch-file.ts';
import { rememberFirstSeen } from '../datasets/fetching/first-seen.ts';
import { ChecksumMismatch, hasDigest, type SourceFile } from '../datasets/fetching/source-file.ts';
import type { StepJob } from './step-work.ts';

/** A file, and the name that it has in the artifact. */
export interface WantedFile {
  readonly source: SourceFile;
  readonly keptAs: string;
}

export type BringJob = Pick<
  StepJob,
  'folder' | 'store' | 'downloads' | 'checkpointFolder' | 'signal' | 'onProgress'
>;

export interface BringOptions {
  /** Files that somebody put somewhere: file name → path. All others are downloaded. */
  readonly byHand?: ReadonlyMap<string, string>;
  /** What the files are of: where nobody publishes a digest of one of them, the set must be readable before they are kept. */
  readonly dataset?: Dataset;
}

/**
 * Brings all files into the step's folder; answers where each came from. A file that has arrived stays beside the checkpoints,
 * so that an attempt that fails for the sake of another one need not bring it again.
 * @throws ChecksumMismatch, CannotTakeOver, Unavailable, DiskFull, InvalidDataset
 */
export async function bringFiles(
  wanted: readonly WantedFile[],
  job: BringJob,
  { byHand, dataset }: BringOptions = {},
): Promise<Record<string, string>> {
  const { folder, checkpointFolder } = job;
  const arrivals = new Map<SourceFile, FetchedFile>();
  await mkdir(checkpointFolder, { recursive: true });
  for (const { source: file } of wanted) {
    arrivals.set(file, await bring(file, arrivalOf(file, checkpointFolder), job, byHand?.get(file.name)));
  }
  await trustFirstSeen(arrivals, job, dataset);
  for (const { source, keptAs } of wanted) {
    await rename(arrivalOf(source, checkpointFolder), path.join(folder, keptAs));
  }
  await rmdir(checkpointFolder).catch(() => {}); // whatever else lies there stays
  return Object.fromEntries([...arrivals].map(([file, { source }]) => [file.name, source]));
}

/** Where a file waits until all are here; beside it, with `.part`, lies what has come of it so far. */
export function arrivalOf(file: SourceFile, checkpointFolder: string): string {
  return path.join(checkpointFolder, file.name);
}

/** Remembers files of unknown digest, if they can be read as what they should be; if not, they are not kept. */
async function trustFirstSeen(
  arrivals: ReadonlyMap<SourceFile, FetchedFile>,
  { folder, store, checkpointFolder }: BringJob,
  dataset: Dataset | undefined,
): Promise<void> {
  const unknown = [...arrivals].filter(([file]) => !hasDigest(file));
  if (unknown.length === 0) return;
  const paths = [...arrivals.keys()].map(file => [file.name, arrivalOf(file, checkpointFolder)] as const);
  try {
    await dataset?.open(new Map(paths), path.join(folder, 'scratch'));
  } catch (error) {
    for (const [file] of unknown) await rm(arrivalOf(file, checkpointFolder), { force: true });
    throw error;
  }
  for (const [file, found] of unknown) await rememberFirstSeen(file, found, found.source, firstSeenIn(store));
}

function firstSeenIn(store: string): string {
  return path.join(store, 'first-seen');
}

async function bring(file: SourceFile, target: string, job: BringJob, from?: string): Promise<FetchedFile> {
  const hooks = { signal: job.signal, firstSeen: firstSeenIn(job.store) };
  if (from !== undefined) {
    job.onProgress({ text: `${file.name} from ${from}` });
    return importFile(file, from, target, hooks);
  }
  const arrived =
    (await arrivedBefore(file, target, hooks)) ??
    (await downloadedBefore(file, target, job.downloads, hooks));
  if (arrived) return arrived;
  return fetchFile(file, target, {
    ...hooks,
    onProgress: ({ source, bytes, total }) =>
      job.onProgress({
        text: `${file.name} from ${source}`,
        fraction: total ? bytes / total : undefined,
      }),
  });
}

/** The file that an earlier attempt brought, verified again; one that has been damaged since is removed. */
async function arrivedBefore(
  file: SourceFile,
  target: string,
  hooks: { signal: AbortSignal; firstSeen: string },
): Promise<FetchedFile | undefined> {
  const source = 'an earlier attempt';
  if (!existsSync(target)) return undefined;
  try {
    return { source, ...(await verifyFetched(file, target, source, hooks)) };
  } catch (error) {
    if (!(error instanceof ChecksumMismatch)) throw error;
    await rm(target, { force: true });
    return undefined;
  }
}

/** A copy of the file from the first of the folders that holds it, if it can be told to be the right one. */
async function downloadedBefore(
  file: SourceFile,
  target: string,
  folders: readonly string[],
  hooks: { signal: AbortSignal; firstSeen: string },
): Promise<FetchedFile | undefined> {
  const found = folders.map(folder => path.join(folder, file.name)).find(existsSync);
  if (!found || !hasDigest(file)) return undefined;
  try {
    return await importFile(file, found, target, hooks);
  } catch (error) {
    if (error instanceof ChecksumMismatch || error instanceof CannotTakeOver) return undefined; // as if it were not there
    throw error;
  }
}
