// Where TensorFlow lies on this machine: libtensorflow, and the addon that was compiled against it.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { tensorflowVariant } from './platform.ts';

export const tensorflowVersion = '2.21.0';

/** The N-API level that the addon is built for: every Node.js that we run on has it. */
export const napiLevel = 8;

/** The addon in a folder of TensorFlow. It looks for the libraries in `../../deps/lib`, seen from where it lies. */
export const addonIn = (folder: string): string =>
  path.join(folder, 'lib', `napi-v${napiLevel}`, 'tfjs_binding.node');

/** All that the files depend on is in the folder's name, so that a change of any makes another folder. */
export function tensorflowFolder(): string {
  const named = process.env.SIMCNE_LIBTENSORFLOW;
  const origin = named
    ? `folder-${createHash('sha256').update(path.resolve(named)).digest('hex').slice(0, 8)}`
    : tensorflowVersion;
  const name = `tensorflow-${origin}-${tensorflowVariant()}-tfjs-${tfjsVersion()}-napi-v${napiLevel}-${process.platform}-${process.arch}`;
  return path.join(cacheFolder(), name);
}

/** Of @tensorflow/tfjs-node, whose sources the addon is made of. */
function tfjsVersion(): string {
  const { devDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return devDependencies['@tensorflow/tfjs-node'];
}
