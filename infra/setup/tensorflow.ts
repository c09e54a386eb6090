// TensorFlow in the cache: libtensorflow, the addon built against it, and the links that the npm packages reach them by.
import { createHash } from 'node:crypto';
import { lstat, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from '../home.ts';
import { askAddon, buildAddon, napiLevel, packageFolder, packageVersion } from './addon.ts';
import { requireSpace } from './disk-space.ts';
import { install, type Manifest, readInstallation } from './installation.ts';
import { libtensorflowSources, nameForLinker, type Source } from './libtensorflow.ts';
import { platform, tensorflowVariant } from './machine.ts';
import type { Progress } from './python-wheel.ts';
import { tensorflowVersion } from './wheels.ts';

const cpuPackage = '@tensorflow/tfjs-node';
const gpuPackage = '@tensorflow/tfjs-node-gpu';
const linkedFolders = [path.join('lib', `napi-v${napiLevel}`), path.join('deps', 'lib')];
const neededGigabytes = { cpu: 2, cuda: 9 };

/** A complete TensorFlow: where it lies and what it is. */
export interface Tensorflow {
  folder: string;
  variant: 'cpu' | 'cuda';
  manifest: Manifest;
}

/** The TensorFlow that this machine should have, where it is set up already, links included. */
export async function readyTensorflow(): Promise<Tensorflow | undefined> {
  const found = await installedTensorflow();
  return found && (await linksLeadTo(found)) ? found : undefined;
}

/** Sets up what `readyTensorflow` misses. Call it under the set-up lock. */
export async function setUpTensorflow(progress: Progress): Promise<void> {
  const tensorflow = (await installedTensorflow()) ?? (await installTensorflow(progress));
  await linkPackages(tensorflow);
}

async function installedTensorflow(): Promise<Tensorflow | undefined> {
  const variant = await tensorflowVariant();
  const folder = path.join(cacheFolder(), await folderName(variant));
  const manifest = await readInstallation(folder);
  return manifest && { folder, variant, manifest };
}

/** All that the files depend on is in the folder's name, so that a change of any makes another folder. */
async function folderName(variant: 'cpu' | 'cuda'): Promise<string> {
  const named = process.env.SIMCNE_LIBTENSORFLOW;
  const origin = named
    ? `folder-${createHash('sha256').update(path.resolve(named)).digest('hex').slice(0, 8)}`
    : tensorflowVersion;
  return `tensorflow-${origin}-${variant}-tfjs-${await packageVersion(cpuPackage)}-napi-v${napiLevel}-${platform()}`;
}

async function installTensorflow(progress: Progress): Promise<Tensorflow> {
  const variant = await tensorflowVariant();
  const folder = path.join(cacheFolder(), await folderName(variant));
  await requireSpace(cacheFolder(), neededGigabytes[variant], `TensorFlow (${variant})`);
  const manifest = await install(folder, async partial => {
    const source = await fetchFirst(await libtensorflowSources(), path.join(partial, 'deps'), progress);
    await nameForLinker(path.join(partial, 'deps', 'lib'));
    progress('building the TensorFlow addon (about 20 seconds)');
    await buildAddon(partial);
    await rm(path.join(partial, 'deps', 'include'), { recursive: true });
    return { source: source.name, version: (await askAddon(partial)).version };
  });
  progress(`TensorFlow ${manifest.version} (${variant}) is ready`);
  return { folder, variant, manifest };
}

/** Fills `folder` from the first source that gives something. @throws with what each of them answered */
async function fetchFirst(sources: Source[], folder: string, progress: Progress): Promise<Source> {
  const answers: string[] = [];
  for (const source of sources) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    try {
      await source.fetch(folder, progress);
      return source;
    } catch (error) {
      const answer = error instanceof Error ? error.message : String(error);
      progress(`${source.name} gives nothing: ${answer.split('\n')[0]}`);
      answers.push(`  ${source.name}\n    ${answer.replaceAll('\n', '\n    ')}`);
    }
  }
  throw new Error(
    `TensorFlow ${tensorflowVersion} could not be fetched. Tried:\n${answers.join('\n')}\n` +
      'Check the network; or point pip to a mirror (PIP_INDEX_URL) or to a folder with the wheel (PIP_FIND_LINKS); ' +
      'or name a folder that holds lib/ and include/ of libtensorflow in SIMCNE_LIBTENSORFLOW',
  );
}

/** Links both npm packages: the GPU one too where there is none, since it then computes on the CPU. */
async function linkPackages({ folder }: Tensorflow): Promise<void> {
  for (const { link, part } of links()) await placeLink(path.join(folder, part), link);
}

async function linksLeadTo({ folder }: Tensorflow): Promise<boolean> {
  const targets = await Promise.all(links().map(({ link }) => readlink(link).catch(() => undefined)));
  return links().every(({ part }, index) => targets[index] === path.join(folder, part));
}

function links(): { link: string; part: string }[] {
  return [cpuPackage, gpuPackage].flatMap(name =>
    linkedFolders.map(part => ({ part, link: path.join(packageFolder(name), part) })),
  );
}

/** A link is replaced at once; a folder in its place is moved aside first, for whoever reads from it now. */
async function placeLink(target: string, link: string): Promise<void> {
  await mkdir(path.dirname(link), { recursive: true });
  const next = `${link}.next-${process.pid}`;
  const former = `${link}.former-${process.pid}`;
  await symlink(target, next);
  const present = await lstat(link).catch(() => undefined);
  if (present?.isDirectory()) await rename(link, former);
  await rename(next, link);
  await rm(former, { recursive: true, force: true });
}
