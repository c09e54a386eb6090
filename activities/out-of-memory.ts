// Running out of memory, however it shows: TensorFlow says so, Node aborts, or the kernel kills.
import { readFile } from 'node:fs/promises';

/** A step needs more memory than there is; the message says what it was told, and what helps. */
export class OutOfMemory extends Error {
  override name = 'OutOfMemory';

  constructor(told: string) {
    super(
      `out of memory (${told}); a smaller batchSize, a worker on a larger machine, or fewer programs beside it may help`,
    );
  }
}

const tellingMessage =
  /OOM when allocating|ResourceExhausted|Array buffer allocation failed|heap out of memory|std::bad_alloc|reached heap limit/i;

/** An error that tells of too little memory as `OutOfMemory`; passes others on. */
export function explainMemoryError(error: unknown): unknown {
  const { message, code } = error as NodeJS.ErrnoException;
  const tells =
    code === 'ERR_WORKER_OUT_OF_MEMORY' || code === 'ENOMEM' || tellingMessage.test(message ?? '');
  return tells ? new OutOfMemory(message.split('\n')[0]) : error;
}

/** The line of a dead process's last words that tells of too little memory. */
export function memoryWords(lastWords: string): string | undefined {
  return lastWords.split('\n').find(line => tellingMessage.test(line));
}

/** How often the kernel has killed for memory in this control group (Linux, cgroup 2); 0 where it does not say. */
export async function kernelKills(): Promise<number> {
  const events = await readFile('/sys/fs/cgroup/memory.events', 'utf8').catch(() => '');
  return Number(/^oom_kill (\d+)/m.exec(events)?.[1] ?? 0);
}
