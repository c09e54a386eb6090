// Fetching from servers as they are in practice: that drop connections, redirect, are busy, or send something else.
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchFile, importFile } from '../../datasets/fetching/fetch-file.ts';
import {
  ChecksumMismatch,
  DiskFull,
  type SourceFile,
  Unavailable,
} from '../../datasets/fetching/source-file.ts';
import { dropAfter, file, serve, status } from './file-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

const content = Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(3 << 20)]);
const other = Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(3 << 20)]);
const digest = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');
const nowhere = 'http://127.0.0.1:1/data.npz'; // nothing listens there
const hooks = { retryDelayMs: 1 };

/** The file that the tests are after, from these addresses. */
function wanted(...urls: string[]): SourceFile {
  return {
    name: 'data.npz',
    bytes: content.length,
    md5: digest('md5', content),
    sha256: digest('sha256', content),
    firstBytes: 'zip',
    sources: urls.map(url => ({ kind: 'url', url })),
  };
}

describe('fetchFile', () => {
  it('fetches, verifies and reports', async () => {
    const { url } = await serve(file(content));
    const target = path.join(temporaryFolder(), 'new', 'data.npz');
    const seen: number[] = [];
    const fetched = await fetchFile(wanted(url), target, {
      onProgress: ({ bytes, total }) => {
        seen.push(bytes);
        expect(total).toBe(content.length);
      },
    });
    expect(fetched).toEqual({ source: url, sha256: digest('sha256', content), bytes: content.length });
    expect(readFileSync(target).equals(content)).toBe(true);
    expect(readdirSync(path.dirname(target))).toEqual(['data.npz']);
    expect(seen.at(-1)).toBe(content.length);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('goes on where a connection dropped, for the same version only', async () => {
    const { url, requests } = await serve(dropAfter(content, 2 << 20), file(content));
    const target = path.join(temporaryFolder(), 'data.npz');
    await fetchFile(wanted(url), target, hooks);
    expect(readFileSync(target).equals(content)).toBe(true);
    expect(requests).toHaveLength(2);
    expect(requests[1].headers.range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(requests[1].headers['if-range']).toBe('"v1"');
  });

  it('begins anew where the file changed meanwhile', async () => {
    const { url } = await serve(dropAfter(other, 2 << 20, '"v0"'), file(content, '"v1"'));
    const target = path.join(temporaryFolder(), 'data.npz');
    await fetchFile(wanted(url), target, hooks);
    expect(readFileSync(target).equals(content)).toBe(true);
  });

  it('trusts no other range than it asked for', async () => {
    const { url, requests } = await serve(
      dropAfter(content, 2 << 20),
      (_, response) => {
        const range = `bytes 5-${content.length - 1}/${content.length}`;
        response.writeHead(206, { 'content-range': range }).end(content.subarray(5));
      },
      file(content),
    );
    const target = path.join(temporaryFolder(), 'data.npz');
    await fetchFile(wanted(url), target, hooks);
    expect(readFileSync(target).equals(content)).toBe(true);
    expect(requests[2].headers.range).toBeUndefined();
  });

  it('continues what an earlier call left, from any source', async () => {
    const target = path.join(temporaryFolder(), 'data.npz');
    writeFileSync(`${target}.part`, content.subarray(0, 1000));
    const { url, requests } = await serve(file(content));
    await fetchFile(wanted(url), target);
    expect(requests[0].headers.range).toBe('bytes=1000-');
    expect(readFileSync(target).equals(content)).toBe(true);
  });

  it('takes a whole file that an earlier call left', async () => {
    const target = path.join(temporaryFolder(), 'data.npz');
    writeFileSync(`${target}.part`, content);
    const { url } = await serve(file(content));
    expect((await fetchFile(wanted(url), target)).bytes).toBe(content.length);
  });

  it('throws a wrong beginning away, once, and fetches all', async () => {
    const target = path.join(temporaryFolder(), 'data.npz');
    writeFileSync(`${target}.part`, other.subarray(0, 1000));
    const { url, requests } = await serve(file(content));
    await fetchFile(wanted(url), target);
    expect(requests.map(({ headers }) => headers.range)).toEqual(['bytes=1000-', undefined]);
    expect(readFileSync(target).equals(content)).toBe(true);
  });

  it('continues no beginning that no digest could tell to be right', async () => {
    const target = path.join(temporaryFolder(), 'data.npz');
    writeFileSync(`${target}.part`, other.subarray(0, 1000));
    const { url, requests } = await serve(file(content));
    await fetchFile({ ...wanted(url), md5: undefined, sha256: undefined }, target);
    expect(requests[0].headers.range).toBeUndefined();
  });

  it('follows redirects to another host, and asks that one for the rest', async () => {
    const storage = await serve(dropAfter(content, 2 << 20), file(content));
    const { url, requests } = await serve(status(302, { location: storage.url }));
    const target = path.join(temporaryFolder(), 'data.npz');
    const fetched = await fetchFile(wanted(url), target, hooks);
    expect(fetched.source).toBe(url);
    expect(requests).toHaveLength(2);
    expect(storage.requests[1].headers.range).toMatch(/^bytes=[1-9]/);
  });

  it('tries again while a server is busy, and waits as long as it says', async () => {
    const { url, requests } = await serve(status(503), status(429, { 'retry-after': '1' }), file(content));
    const start = performance.now();
    await fetchFile(wanted(url), path.join(temporaryFolder(), 'data.npz'), hooks);
    expect(requests).toHaveLength(3);
    expect(performance.now() - start).toBeGreaterThan(990);
  });

  it('gives a busy server five attempts, and goes to the next source', async () => {
    const busy = await serve(status(503));
    const { url } = await serve(file(content));
    const target = path.join(temporaryFolder(), 'data.npz');
    expect((await fetchFile(wanted(busy.url, url), target, hooks)).source).toBe(url);
    expect(busy.requests).toHaveLength(5);
  });

  it('leaves unreachable hosts at once, and says of each what it answered', async () => {
    const gone = await serve(status(404));
    const fetching = fetchFile(
      wanted(nowhere, 'http://no-such-host.invalid/data.npz', gone.url),
      path.join(temporaryFolder(), 'data.npz'),
      { retryDelayMs: 3600_000 },
    );
    await expect(fetching).rejects.toThrow(Unavailable);
    await expect(fetching).rejects.toThrow(
      /ECONNREFUSED.*(ENOTFOUND|EAI_AGAIN|no answer).*HTTP 404 Not Found/s,
    );
    await expect(fetching).rejects.toThrow('simcne data fetch data --from FILE');
    expect(gone.requests).toHaveLength(1);
  });

  it('keeps no file with a wrong digest, and names what was expected, found and where', async () => {
    const { url } = await serve(file(other));
    const folder = temporaryFolder();
    const fetching = fetchFile(wanted(url), path.join(folder, 'data.npz'));
    await expect(fetching).rejects.toThrow(ChecksumMismatch);
    for (const part of [digest('md5', content), digest('md5', other), url]) {
      await expect(fetching).rejects.toThrow(part);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes the next source after one with a wrong file', async () => {
    const wrong = await serve(file(other));
    const short = await serve(file(content.subarray(0, -1)));
    const { url } = await serve(file(content));
    const target = path.join(temporaryFolder(), 'data.npz');
    expect((await fetchFile(wanted(wrong.url, short.url, url), target)).source).toBe(url);
    expect(readFileSync(target).equals(content)).toBe(true);
  });

  it('tells a web page from data, and keeps what it had', async () => {
    const page = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>Quota exceeded</h1>');
    });
    const target = path.join(temporaryFolder(), 'data.npz');
    writeFileSync(`${target}.part`, content.subarray(0, 1000));
    const fetching = fetchFile(wanted(page.url), target);
    await expect(fetching).rejects.toThrow('sends no zip file, but text/html');
    await expect(fetching).rejects.toThrow(Unavailable);
    expect(readFileSync(`${target}.part`).length).toBe(1000);
  });

  it('stops a server that sends without end', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200);
      const more = () => response.write(content, error => error ?? more());
      more();
    });
    await expect(fetchFile(wanted(url), path.join(temporaryFolder(), 'data.npz'))).rejects.toThrow(
      'sends more than',
    );
  });

  it('ends with the reason of its signal', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 1000));
    });
    const stop = new AbortController();
    const reason = new Error('paused');
    const fetching = fetchFile(wanted(url), path.join(temporaryFolder(), 'data.npz'), {
      signal: stop.signal,
      onProgress: () => stop.abort(reason),
    });
    await expect(fetching).rejects.toBe(reason);
  });

  it.skipIf(!canMount())('says so where the disk is full', async () => {
    const { url } = await serve(file(content));
    const disk = path.join(temporaryFolder(), 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    onTestFinished(() => void execFileSync('umount', [disk]));
    const target = path.join(disk, 'data.npz');
    await expect(fetchFile(wanted(url), target)).rejects.toThrow(DiskFull);
    await expect(fetchFile(wanted(url), target)).rejects.toThrow(
      `no space left for ${target} (the file takes 4 MB)`,
    );
    writeFileSync(path.join(disk, '..', 'data.npz'), content);
    await expect(importFile(wanted(), path.join(disk, '..', 'data.npz'), target)).rejects.toThrow(DiskFull);
  });
});

describe('importFile', () => {
  it('takes over a right file, and leaves the original', async () => {
    const folder = temporaryFolder();
    const from = path.join(folder, 'download.npz');
    writeFileSync(from, content);
    const taken = await importFile(wanted(), from, path.join(folder, 'kept', 'data.npz'));
    expect(taken).toEqual({ source: from, sha256: digest('sha256', content), bytes: content.length });
    expect(readFileSync(from).equals(content)).toBe(true);
    expect(readdirSync(path.join(folder, 'kept'))).toEqual(['data.npz']);
  });

  it('refuses a wrong one, and one that is not there', async () => {
    const folder = temporaryFolder();
    const target = path.join(folder, 'kept', 'data.npz');
    const from = path.join(folder, 'download.npz');
    await expect(importFile(wanted(), from, target)).rejects.toThrow(
      `data.npz: ${from} cannot be taken over (ENOENT`,
    );
    writeFileSync(from, other);
    await expect(importFile(wanted(), from, target)).rejects.toThrow(ChecksumMismatch);
    expect(readdirSync(path.join(folder, 'kept'))).toEqual([]);
  });
});

/** Whether this process may mount a small disk of its own. */
function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
