// TensorFlow in the cache: libtensorflow, and the addon built against it.
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from '../../machine/cache-folder.ts';
import { tensorflowVariant } from '../../machine/platform.ts';
import { tensorflowFolder, tensorflowVersion } from '../../machine/tensorflow.ts';
import { askAddon, buildAddon } from './addon.ts';
import { requireSpace } from './disk-space.ts';
import { install, type Manifest, readInstallation } from './installation.ts';
import { libtensorflowSources, nameForLinker, type Source } from './libtensorflow.ts';
import type { Progress } from './python-wheel.ts';

const neededGigabytes = { cpu: 2, cuda: 9 };

/** The TensorFlow that this machine should have, where it is complete in `tensorflowFolder`. */
export function readyTensorflow(): Promise<Manifest | undefined> {
  return readInstallation(tensorflowFolder());
}

/** Sets up what `readyTensorflow` misses. Call it under the set-up lock. */
export async function setUpTensorflow(progress: Progress): Promise<void> {
  if (await readyTensorflow()) return;
  const variant = tensorflowVariant();
  await requireSpace(cacheFolder(), neededGigabytes[variant], `TensorFlow (${variant})`);
  const manifest = await install(tensorflowFolder(), async partial => {
    const source = await fetchFirst(libtensorflowSources(), path.join(partial, 'deps'), progress);
    await nameForLinker(path.join(partial, 'deps', 'lib'));
    progress('building the TensorFlow addon (about 20 seconds)');
    await buildAddon(partial);
    await rm(path.join(partial, 'deps', 'include'), { recursive: true });
    return { source: source.name, version: (await askAddon(partial)).version };
  });
  progress(`TensorFlow ${manifest.version} (${variant}) is ready`);
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
