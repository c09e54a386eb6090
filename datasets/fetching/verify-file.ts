// Holds a file against what is known of it: first bytes, size, digests.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { beginsAs, ChecksumMismatch, type SourceFile } from './source-file.ts';

export interface VerifiedFile {
  sha256: string;
  bytes: number;
}

/**
 * Reads the file at `path` once; `source` is named in the error.
 * @throws ChecksumMismatch where its size, a known digest or its first bytes differ.
 */
export async function verifyFile(
  file: SourceFile,
  path: string,
  source: string,
  signal?: AbortSignal,
): Promise<VerifiedFile> {
  const [md5, sha256] = [createHash('md5'), createHash('sha256')];
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
    if (bytes === 0) verifyFirstBytes(file, chunk, source);
    if (file.md5) md5.update(chunk);
    sha256.update(chunk);
    bytes += chunk.length;
  }
  const found = { bytes, md5: md5.digest('hex'), sha256: sha256.digest('hex') };
  for (const rule of ['bytes', 'md5', 'sha256'] as const) {
    const expected = file[rule];
    if (expected !== undefined && expected !== found[rule]) {
      throw new ChecksumMismatch(file, source, rule, expected, found[rule]);
    }
  }
  return { sha256: found.sha256, bytes };
}

function verifyFirstBytes(file: SourceFile, head: Uint8Array, source: string): void {
  if (file.firstBytes && !beginsAs(file.firstBytes, head)) {
    const found = Buffer.from(head.subarray(0, 16)).toString('latin1');
    throw new ChecksumMismatch(file, source, 'a file of format', file.firstBytes, JSON.stringify(found));
  }
}
