// The platform that native parts are made for, and whether the machine has an NVIDIA GPU.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

export type Platform = 'linux-x64' | 'linux-arm64' | 'darwin-arm64';
const platforms: readonly string[] = ['linux-x64', 'linux-arm64', 'darwin-arm64'] satisfies Platform[];

/** The name that native parts are filed under. @throws where TensorFlow is published for no such machine */
export function platform(): Platform {
  const name = `${process.platform}-${process.arch}`;
  if (!platforms.includes(name)) {
    throw new Error(
      `platform ${name}: TensorFlow 2.21 is available on ${platforms.join(', ')}; use one of these (on Windows: WSL 2), or a container`,
    );
  }
  if (process.platform === 'linux' && !usesGlibc()) {
    throw new Error(
      `platform ${name} with musl (Alpine): TensorFlow needs glibc 2.27 or newer; use a Debian, Ubuntu or Fedora image`,
    );
  }
  return name as Platform;
}

/** Which TensorFlow is wanted: the CUDA one where an NVIDIA GPU is found, unless SIMCNE_TENSORFLOW says `cpu` or `cuda`. */
export function tensorflowVariant(): 'cpu' | 'cuda' {
  const wanted = process.env.SIMCNE_TENSORFLOW;
  if (wanted === 'cpu' || wanted === 'cuda') return wanted;
  if (wanted) throw new Error(`SIMCNE_TENSORFLOW: expected "cpu" or "cuda", found "${wanted}"`);
  return process.platform === 'linux' && process.arch === 'x64' && nvidiaGpus().length > 0 ? 'cuda' : 'cpu';
}

/** One line per NVIDIA GPU, as the driver names them. Without a driver this costs two look-ups in the file system. */
export function nvidiaGpus(): string[] {
  const driver = '/proc/driver/nvidia/gpus';
  const listed = existsSync(driver) ? readdirSync(driver) : [];
  if (listed.length === 0 && !existsSync('/dev/nvidia0') && !existsSync('/dev/dxg')) return [];
  const named = spawnSync('nvidia-smi', ['-L'], { encoding: 'utf8' });
  const lines = (named.stdout ?? '').split('\n').filter(line => line.startsWith('GPU '));
  return lines.length > 0 ? lines : listed;
}

function usesGlibc(): boolean {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}
