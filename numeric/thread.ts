// Starts a TypeScript module on a worker thread, under tsx as well as under vitest, from any working directory.
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** A worker thread that runs `module` (a `file:` URL, e.g. `new URL('./kernel.thread.ts', import.meta.url)`). */
export function startThread(module: URL, options: Omit<WorkerOptions, 'argv' | 'execArgv'> = {}): Worker {
  return new Worker(new URL('./thread-start.js', import.meta.url), {
    ...options,
    argv: [module.href],
    execArgv: [],
  });
}
