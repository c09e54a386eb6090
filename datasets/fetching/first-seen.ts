// Files that nobody publishes a digest of: what was seen first under a name is remembered, and anything else refused later.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ChecksumMismatch, type SourceFile } from './source-file.ts';
import type { VerifiedFile } from './verify-file.ts';

const FirstSeen = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number(),
  source: z.string(),
  /** ISO time. */
  seenAt: z.string(),
});

type FirstSeen = z.infer<typeof FirstSeen>;

/**
 * Holds a file against the first one of its name, where one is remembered in `folder`.
 * @throws ChecksumMismatch where it is another one.
 */
export async function requireAsFirstSeen(
  file: SourceFile,
  { sha256 }: VerifiedFile,
  source: string,
  folder: string,
): Promise<void> {
  const first = await firstSeen(file, folder);
  if (!first || first.sha256 === sha256) return;
  const expected = `${first.sha256} (the first one seen, on ${first.seenAt.slice(0, 10)}, from ${first.source}; remove ${recordOf(file, folder)} to trust another)`;
  throw new ChecksumMismatch(file, source, 'sha256', expected, sha256);
}

/** Remembers a file as the first one of its name, unless there was one before. */
export async function rememberFirstSeen(
  file: SourceFile,
  { sha256, bytes }: VerifiedFile,
  source: string,
  folder: string,
): Promise<void> {
  if (await firstSeen(file, folder)) return;
  const seen: FirstSeen = { sha256, bytes, source, seenAt: new Date().toISOString() };
  await mkdir(folder, { recursive: true });
  await writeFile(recordOf(file, folder), `${JSON.stringify(seen, undefined, 2)}\n`);
}

async function firstSeen(file: SourceFile, folder: string): Promise<FirstSeen | undefined> {
  const text = await readFile(recordOf(file, folder), 'utf8').catch(error => {
    if (error.code !== 'ENOENT') throw error;
  });
  return text === undefined ? undefined : FirstSeen.parse(JSON.parse(text));
}

function recordOf(file: SourceFile, folder: string): string {
  return path.join(folder, `${file.name}.json`);
}
