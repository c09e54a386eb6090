// How much memory of the GPUs is in use, as a metric of the training worker: asked of the driver now and then.
import { Runtime } from '@temporalio/worker';
import { nvidiaGpus } from '../../machine/platform.ts';
import { runCommand } from '../setup/run-command.ts';

const everyMs = 10_000;
const mebibyte = 2 ** 20;

/** Shows the memory in use on each GPU, until stopped; does nothing where there is none. */
export async function watchGpuMemory(): Promise<() => void> {
  if (nvidiaGpus().length === 0) return () => {};
  const gauge = Runtime.instance().metricMeter.createGauge(
    'simcne_gpu_memory_bytes',
    'int',
    'By',
    'Memory in use on a GPU, by all processes',
  );
  const ask = async () => {
    const query = ['--query-gpu=index,memory.used', '--format=csv,noheader,nounits'];
    const answer = await runCommand('nvidia-smi', query).catch(() => '');
    for (const { gpu, bytes } of gpuMemory(answer)) gauge.set(bytes, { gpu });
  };
  await ask();
  const watch = setInterval(ask, everyMs);
  return () => clearInterval(watch);
}

/** Reads what nvidia-smi answers: a line a GPU, its number and MiB in use. */
export function gpuMemory(answer: string): { gpu: string; bytes: number }[] {
  return answer.split('\n').flatMap(line => {
    const [, gpu, used] = /^(\d+), *(\d+)$/.exec(line.trim()) ?? [];
    return gpu === undefined ? [] : [{ gpu, bytes: Number(used) * mebibyte }];
  });
}
