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

/**
 * Holds a file against the first one of its name, remembered in `folder`; if it is the first, remembers it.
 * @throws ChecksumMismatch where it is another one.
 */
export async function requireAsFirstSeen(
  file: SourceFile,
  found: VerifiedFile,
  source: string,
  folder: string,
): Promise<void> {
  const record = path.join(folder, `${file.name}.json`);
  const text = await readFile(record, 'utf8').catch(error => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (text === undefined) {
    const seen = { sha256: found.sha256, bytes: found.bytes, source, seenAt: new Date().toISOString() };
    await mkdir(folder, { recursive: true });
    await writeFile(record, `${JSON.stringify(FirstSeen.parse(seen), undefined, 2)}\n`);
    return;
  }
  const first = FirstSeen.parse(JSON.parse(text));
  if (first.sha256 === found.sha256) return;
  const expected = `${first.sha256} (the first one seen, on ${first.seenAt.slice(0, 10)}, from ${first.source}; remove ${record} to trust another)`;
  throw new ChecksumMismatch(file, source, 'sha256', expected, found.sha256);
}
