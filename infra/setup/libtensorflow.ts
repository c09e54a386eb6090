// Where libtensorflow and its C headers come from: a folder that the user names, the Python wheel, Google's tarball.
import { cp, mkdir, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { platform, tensorflowVariant } from '../../machine/platform.ts';
import { tensorflowVersion } from '../../machine/tensorflow.ts';
import { fetchFromWheel, type Progress } from './python-wheel.ts';
import { runCommand } from './run-command.ts';
import { cudaLibraries, tensorflowForCpu, tensorflowForCuda, tensorflowPythons } from './wheels.ts';

/** One way to fill `<folder>/lib` and `<folder>/include`. */
export interface Source {
  /** In words, for progress and messages. */
  name: string;
  fetch(folder: string, progress: Progress): Promise<void>;
}

/** The sources in the order in which they are tried. A folder named in SIMCNE_LIBTENSORFLOW is the only one. */
export function libtensorflowSources(): Source[] {
  const named = process.env.SIMCNE_LIBTENSORFLOW;
  if (named)
    return [{ name: `folder ${named} (SIMCNE_LIBTENSORFLOW)`, fetch: folder => copyFolder(named, folder) }];
  const cuda = tensorflowVariant() === 'cuda';
  return [cuda ? cudaWheel() : cpuWheel(), ...tarballs(cuda ? 'gpu' : 'cpu')];
}

/** The headers that the addon includes, directly or not (`g++ -M`), and the two libraries. */
const wheelMembers = [
  'tensorflow/libtensorflow_cc.*',
  'tensorflow/libtensorflow_framework.*',
  'tensorflow/include/tensorflow/c/*',
  'tensorflow/include/tensorflow/core/platform/ctstring*',
  'tensorflow/include/tsl/platform/ctstring*',
  'tensorflow/include/xla/tsl/c/*',
];

function cpuWheel(): Source {
  const wheel = tensorflowForCpu[platform()];
  return {
    name: `Python wheel ${wheel.name}==${wheel.version}`,
    async fetch(folder, progress) {
      await fetchFromWheel(wheel, folder, wheelMembers, progress, tensorflowPythons);
      await takeApart(folder);
    },
  };
}

/** The wheel's libraries look for CUDA in `../nvidia/<part>/lib`, as between the folders of site-packages: so do ours. */
function cudaWheel(): Source {
  return {
    name: `Python wheel ${tensorflowForCuda.name}[and-cuda]==${tensorflowForCuda.version}`,
    async fetch(folder, progress) {
      await fetchFromWheel(tensorflowForCuda, folder, wheelMembers, progress, tensorflowPythons);
      await takeApart(folder);
      const members = ['nvidia/*/lib/*.so*', 'nvidia/cuda_nvcc/bin/*', 'nvidia/cuda_nvcc/nvvm/*'];
      for (const library of cudaLibraries) await fetchFromWheel(library, folder, members, progress);
    },
  };
}

async function takeApart(folder: string): Promise<void> {
  const unpacked = path.join(folder, 'tensorflow');
  await rename(path.join(unpacked, 'include'), path.join(folder, 'include'));
  await rename(unpacked, path.join(folder, 'lib'));
}

const tarballPlatforms = {
  'linux-x64': 'linux-x86_64',
  'linux-arm64': undefined,
  'darwin-arm64': 'darwin-arm64',
};

/** Our version first, then the newest that TensorFlow's page on the C library has named; both run the same addon. */
function tarballs(device: 'cpu' | 'gpu'): Source[] {
  const system = tarballPlatforms[platform()];
  if (!system) return [];
  return [tensorflowVersion, '2.18.1'].map(version => {
    const url = `https://storage.googleapis.com/tensorflow/versions/${version}/libtensorflow-${device}-${system}.tar.gz`;
    return {
      name: `libtensorflow tarball ${url}`,
      fetch: (folder, progress) => fetchTarball(url, folder, progress),
    };
  });
}

/** No checksum is published beside the tarballs: what is installed is known by its manifest only. */
async function fetchTarball(url: string, folder: string, progress: Progress): Promise<void> {
  progress(`downloading ${url}`);
  const response = await fetch(url).catch(error => {
    throw new Error(`no answer (${error.cause?.message ?? error.message})`);
  });
  if (!response.ok) throw new Error(`HTTP ${response.status} ${response.statusText}`);
  const archive = path.join(folder, 'libtensorflow.tar.gz');
  await writeFile(archive, response.body!);
  await runCommand('tar', ['-xzf', archive, '-C', folder]);
  await rm(archive);
}

async function copyFolder(from: string, folder: string): Promise<void> {
  for (const part of ['lib', 'include']) {
    const found = await stat(path.join(from, part)).catch(() => undefined);
    if (!found?.isDirectory()) {
      throw new Error(
        `there is no folder ${path.join(from, part)}; expected lib/ with libtensorflow and include/ with its headers`,
      );
    }
  }
  await mkdir(folder, { recursive: true });
  await cp(path.join(from, 'lib'), path.join(folder, 'lib'), { recursive: true, verbatimSymlinks: true });
  await cp(path.join(from, 'include'), path.join(folder, 'include'), { recursive: true });
}

/**
 * Gives the libraries in `lib` the names that the addon's build asks the linker for. In a wheel the C API is part of
 * `libtensorflow_cc`. @throws where a library is missing
 */
export async function nameForLinker(lib: string): Promise<void> {
  const names = await readdir(lib);
  const [ending, versioned] =
    process.platform === 'darwin' ? ['.2.dylib', /\.2\.dylib$/] : ['.so', /\.so\.2$/];
  for (const library of ['libtensorflow', 'libtensorflow_framework']) {
    if (names.includes(`${library}${ending}`)) continue;
    const found = [library, `${library}_cc`].flatMap(stem =>
      names.filter(name => name.startsWith(`${stem}.`) && versioned.test(name)),
    );
    if (found.length === 0)
      throw new Error(`${lib}: expected ${library}${ending}, found ${names.join(', ') || 'nothing'}`);
    await symlink(found[0], path.join(lib, `${library}${ending}`));
  }
}
