// Downloads over HTTP: continues what was begun, tries again where that can help, and gives up quickly where it cannot.
import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { answered, Passing, requireReachable, startPatience } from './connection.ts';
import { acceptedRange, rangeHeaders, validatorOf } from './http-range.ts';
import { beginsAs, ChecksumMismatch, SourceFailed, type SourceFile } from './source-file.ts';

export interface DownloadHooks {
  onProgress?: (progress: { source: string; bytes: number; total?: number }) => void;
  signal?: AbortSignal;
  /** Before the second attempt; doubled before each further one. */
  retryDelayMs?: number;
}

const attempts = 5; // in a row without progress
const progressBytes = 1 << 20; // what an attempt must bring to count as progress
const longestWaitMs = 30_000;

/**
 * Downloads `url` to the path `part`. What lies there already is taken for the file's beginning and continued, so its
 * digest must be verified afterwards.
 * @throws SourceFailed where the host cannot be reached, refuses, fails too often, or sends no data of the format.
 * @throws ChecksumMismatch where the size that it announces is not the file's.
 */
export async function download(
  file: SourceFile,
  url: string,
  part: string,
  hooks: DownloadHooks = {},
): Promise<void> {
  const { signal, retryDelayMs = 500 } = hooks;
  if (!process.env.NODE_USE_ENV_PROXY) await requireReachable(url);
  const remembered: { validator?: string } = {};
  for (let failures = 0; ; ) {
    const before = await sizeAt(part);
    try {
      return await attempt(file, url, part, remembered, hooks);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Passing)) throw error;
      failures = (await sizeAt(part)) - before >= progressBytes ? 1 : failures + 1;
      if (failures >= attempts) throw new SourceFailed(`${error.message} (${attempts} attempts)`, true);
      const delayMs = Math.max(error.waitMs, retryDelayMs * 2 ** (failures - 1));
      await sleep(Math.min(longestWaitMs, delayMs), undefined, { signal });
    }
  }
}

/** The size of a file in bytes, 0 where there is none. */
export async function sizeAt(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** One request: continues `part` where the server can, and begins anew where it cannot. */
async function attempt(
  file: SourceFile,
  url: string,
  part: string,
  remembered: { validator?: string },
  { signal, onProgress }: DownloadHooks,
): Promise<void> {
  const patience = startPatience(signal);
  try {
    const begun = await sizeAt(part);
    const headers = rangeHeaders(begun, remembered.validator);
    const response = await answered(fetch(url, { headers, signal: patience.signal }));
    requireSuccess(response);
    const range = acceptedRange(response, begun, remembered.validator);
    remembered.validator = validatorOf(response);
    if (!range) {
      await rm(part, { force: true });
      throw new Passing('another range was sent than asked for');
    }
    const { start, total } = range;
    if (start === total) return;
    const chunks = chunksOf(response);
    const { value: head } = await chunks.next();
    if (start === 0 && head) requireFormat(file, response, head); // before what lies there is given up
    requireSize(file, url, total);
    await append(part, head, chunks, { start, total: total ?? file.bytes }, bytes => {
      patience.renew();
      onProgress?.({ source: url, bytes, total: total ?? file.bytes });
    });
  } finally {
    patience.end();
  }
}

/** Writes the body after the first `start` bytes of `part`, counting what lies there then. */
async function append(
  part: string,
  head: Uint8Array | undefined,
  rest: AsyncGenerator<Uint8Array, undefined>,
  { start, total = Number.POSITIVE_INFINITY }: { start: number; total?: number },
  count: (bytes: number) => void,
): Promise<void> {
  const handle = await open(part, start === 0 ? 'w' : 'a');
  let bytes = start;
  try {
    for (let chunk = head; chunk; chunk = (await rest.next()).value) {
      bytes += chunk.length;
      if (bytes > total) throw new SourceFailed(`sends more than the file's ${total} bytes`);
      await handle.writeFile(chunk);
      count(bytes);
    }
  } finally {
    await handle.close();
  }
  if (Number.isFinite(total) && bytes < total) {
    throw new Passing(`the connection ended after ${bytes} of ${total} bytes`);
  }
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array, undefined> {
  const reader = response.body?.getReader();
  for (;;) {
    const chunk = reader && (await answered(reader.read()));
    if (!chunk || chunk.done) return;
    yield chunk.value;
  }
}

function requireSuccess({ status, statusText, headers }: Response): void {
  if (status === 200 || status === 206 || status === 416) return;
  const answer = `HTTP ${status} ${statusText}`.trim();
  const seconds = Number(headers.get('retry-after'));
  if (status === 408 || status === 429 || status >= 500)
    throw new Passing(answer, seconds > 0 ? seconds * 1000 : 0);
  throw new SourceFailed(answer);
}

function requireFormat(file: SourceFile, { headers }: Response, head: Uint8Array): void {
  if (!file.firstBytes || beginsAs(file.firstBytes, head)) return;
  const type = headers.get('content-type') ?? 'no content type';
  throw new SourceFailed(`sends no ${file.firstBytes} file, but ${type}`);
}

function requireSize(file: SourceFile, url: string, total: number | undefined): void {
  if (file.bytes !== undefined && total !== undefined && total !== file.bytes) {
    throw new ChecksumMismatch(file, url, 'bytes', file.bytes, total);
  }
}
