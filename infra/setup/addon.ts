// The native addon that TensorFlow is reached by, compiled from the sources of @tensorflow/tfjs-node against the libtensorflow that was
// fetched. It knows Node by N-API alone, so that one addon serves all versions, and a compiler is all that it takes.
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { addonIn, napiLevel } from '../../machine/tensorflow.ts';
import { CommandFailed, runCommand } from './run-command.ts';

/** The sources and N-API's headers, as the build laid them together. */
const sources = fileURLToPath(new URL('../../dist/addon', import.meta.url));
const isMac = process.platform === 'darwin';

/** Builds the addon in `folder` against its `deps/{lib,include}`. */
export async function buildAddon(folder: string): Promise<void> {
  await checkCompiler();
  const work = await mkdtemp(path.join(tmpdir(), 'simcne-addon-'));
  try {
    const names = (await readdir(sources)).filter(name => name.endsWith('.cc'));
    const objects = names.map(name => path.join(work, `${name}.o`));
    await Promise.all(
      names.map((name, i) =>
        compile(path.join(sources, name), objects[i], path.join(folder, 'deps/include')),
      ),
    );
    await mkdir(path.dirname(addonIn(folder)), { recursive: true });
    await link(objects, path.join(folder, 'deps/lib'), addonIn(folder));
  } catch (error) {
    throw error instanceof CommandFailed ? new Error(buildFailure(error.answer)) : error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** With what node-gyp sets for binding.gyp. */
function compile(source: string, object: string, tensorflowHeaders: string): Promise<string> {
  const language = ['-std=c++17', '-O3', '-fPIC', '-fno-exceptions', '-fno-rtti', '-fno-strict-aliasing'];
  const options = [...language, `-DNAPI_VERSION=${napiLevel}`, `-I${sources}`, `-I${tensorflowHeaders}`];
  return runCommand(compiler(), [...options, '-c', source, '-o', object]);
}

/** The addon finds the libraries from where it lies itself; Node's own functions are there when it is loaded. */
function link(objects: readonly string[], libraries: string, addon: string): Promise<string> {
  const kind = isMac ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
  const origin = `-Wl,-rpath,${isMac ? '@loader_path' : '$ORIGIN'}/../../deps/lib`;
  const linked = [`-L${libraries}`, '-ltensorflow', '-ltensorflow_framework', origin];
  return runCommand(compiler(), [...kind, ...objects, ...linked, '-o', addon]);
}

/** The version that the TensorFlow behind the addon in `folder` gives itself, and where it computes; asked in a process of its own. */
export async function askAddon(folder: string): Promise<{ version: string; device: 'CPU' | 'GPU' }> {
  const script = `const addon = require(${JSON.stringify(addonIn(folder))});
    console.log(JSON.stringify({ version: addon.TF_Version, device: addon.isUsingGpuDevice() ? 'GPU' : 'CPU' }))`;
  const quiet = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  return JSON.parse(await runCommand(process.execPath, ['-e', script], { env: quiet }));
}

const compiler = () => process.env.CXX ?? (isMac ? 'c++' : 'g++');

/** The C++ compiler, as it names itself. @throws where it is missing */
export async function checkCompiler(): Promise<string> {
  const answer = await runCommand(compiler(), ['--version']).catch(error => {
    throw new Error(
      `${compiler()}: a C++ compiler is needed to build the TensorFlow addon (${error.answer}); ` +
        'install one ("apt-get install g++", "xcode-select --install")',
    );
  });
  return answer.split('\n')[0];
}

function buildFailure(answer: string): string {
  return `TensorFlow addon: ${compiler()} could not build it; it needs C++17:\n${answer}`;
}
