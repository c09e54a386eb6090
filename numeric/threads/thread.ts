// Starts a module on a worker thread: what the build made of it, whoever starts it.
import path from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** A worker thread that runs the module of `source`, e.g. `new URL('./kernel.thread.ts', import.meta.url)`; JavaScript as it is. */
export function startThread(source: URL, options: Omit<WorkerOptions, 'execArgv'> = {}): Worker {
  const { name, ext } = path.parse(source.pathname);
  const module = ext === '.ts' ? new URL(`../../dist/${name}.js`, import.meta.url) : source;
  return new Worker(module, { ...options, execArgv: ['--enable-source-maps'] });
}
