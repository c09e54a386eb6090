// The native addon of @tensorflow/tfjs-node, built from the source in the package against the libtensorflow that was fetched.
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CommandFailed, runCommand } from './run-command.ts';

const require = createRequire(import.meta.url);

/** The N-API level that the addon is built for: every Node.js that we run on has it. */
export const napiLevel = 8;

/** Where an installed package lies. */
export function packageFolder(name: string): string {
  return path.dirname(require.resolve(`${name}/package.json`));
}

export async function packageVersion(name: string): Promise<string> {
  return JSON.parse(await readFile(path.join(packageFolder(name), 'package.json'), 'utf8')).version;
}

/**
 * Builds `<folder>/lib/napi-v8/tfjs_binding.node` against `<folder>/deps/{lib,include}`, the layout that the addon looks
 * for its libraries in. The build runs in a temporary folder, since make takes no spaces in paths.
 */
export async function buildAddon(folder: string): Promise<void> {
  await checkCompiler();
  const source = packageFolder('@tensorflow/tfjs-node');
  const build = await mkdtemp(path.join(tmpdir(), 'simcne-addon-'));
  try {
    for (const part of ['binding', 'binding.gyp'])
      await cp(path.join(source, part), path.join(build, part), { recursive: true });
    await symlink(path.join(folder, 'deps'), path.join(build, 'deps'));
    const output = path.join(build, 'lib', `napi-v${napiLevel}`);
    await runCommand(
      process.execPath,
      [
        require.resolve('node-gyp/bin/node-gyp.js'),
        'rebuild',
        '--module_name=tfjs_binding',
        `--module_path=${output}`,
        `--napi_build_version=${napiLevel}`,
        `--python=${process.env.PYTHON ?? 'python3'}`,
        ...nodeHeaders(),
      ],
      { cwd: build, env: { ...process.env, ...linkerFlags() } },
    ).catch(error => {
      throw error instanceof CommandFailed ? new Error(buildFailure(error.answer)) : error;
    });
    const home = path.join(folder, 'lib', `napi-v${napiLevel}`);
    await mkdir(home, { recursive: true });
    await cp(path.join(output, 'tfjs_binding.node'), path.join(home, 'tfjs_binding.node'));
  } finally {
    await rm(build, { recursive: true, force: true });
  }
}

/** The version that the TensorFlow behind the addon in `folder` gives itself, and where it computes; asked in a process of its own. */
export async function askAddon(folder: string): Promise<{ version: string; device: 'CPU' | 'GPU' }> {
  const addon = path.join(folder, 'lib', `napi-v${napiLevel}`, 'tfjs_binding.node');
  const script = `const addon = require(${JSON.stringify(addon)});
    console.log(JSON.stringify({ version: addon.TF_Version, device: addon.isUsingGpuDevice() ? 'GPU' : 'CPU' }))`;
  const quiet = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  return JSON.parse(await runCommand(process.execPath, ['-e', script], { env: quiet }));
}

/** The C++ compiler that node-gyp's make will use, as it names itself. @throws where it or make is missing */
export async function checkCompiler(): Promise<string> {
  const compiler = process.env.CXX ?? (process.platform === 'darwin' ? 'c++' : 'g++');
  for (const program of [compiler, 'make']) {
    await runCommand(program, ['--version']).catch(error => {
      throw new Error(
        `${program}: a C++ compiler and make are needed to build the TensorFlow addon (${error.answer}); ` +
          'install them ("apt-get install g++ make", "xcode-select --install")',
      );
    });
  }
  return (await runCommand(compiler, ['--version'])).split('\n')[0];
}

function buildFailure(answer: string): string {
  return (
    `TensorFlow addon: node-gyp could not build it:\n${answer}\n` +
    `It needs a C++17 compiler and the headers of Node.js ${process.version}; where they cannot be downloaded, ` +
    'name the folder that holds include/node in npm_config_nodedir'
  );
}

/** Node's own headers where they lie beside it; else node-gyp takes npm's configured `nodedir`, or fetches them. */
function nodeHeaders(): string[] {
  const prefix = path.resolve(process.execPath, '..', '..');
  return existsSync(path.join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : [];
}

/** binding.gyp tells the addon where its libraries lie on Linux; on macOS only under the names of Google's tarball. */
function linkerFlags(): NodeJS.ProcessEnv {
  return process.platform === 'darwin' ? { LDFLAGS: '-Wl,-rpath,@loader_path/../../deps/lib' } : {};
}
