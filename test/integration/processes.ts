// Finds the processes of a home, to do to them what bad luck does. Linux only.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

export const canSeeProcesses = existsSync('/proc/self/environ');

export interface Process {
  pid: number;
  /** Its command line, words separated by blanks. */
  line: string;
}

/** Processes whose SIMCNE_HOME is `home` and whose command line has `words` in it. */
export function processesOf(home: string, words = ''): Process[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        const isMeant = environment.includes(`SIMCNE_HOME=${home}`) && line.includes(words);
        return isMeant ? [{ pid: Number(pid), line }] : [];
      } catch {
        return []; // gone meanwhile
      }
    });
}

/** Sends a signal; a process that has ended meanwhile, as those do whose server or owner was killed before, needs none. */
export function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A process that stands still, so that what a test does next comes before whatever the process would do. */
export interface Held {
  /** Lets it go on. */
  release(): void;
  /** Lets it go on once it was told to end, which it then does first. */
  releaseOnceToldToEnd(): Promise<void>;
}

/** Waits for a process of the home whose line has `words` and whose id is none of `known`, and holds it (SIGSTOP). */
export async function holdNext(home: string, words: string, known: number[] = []): Promise<Held> {
  const next = () => processesOf(home, words).find(({ pid }) => !known.includes(pid));
  const { pid } = await until(words, next);
  process.kill(pid, 'SIGSTOP');
  const release = () => signalIfThere(pid, 'SIGCONT');
  return {
    release,
    async releaseOnceToldToEnd() {
      await until('the order to end', () => isPending(pid, os.constants.signals.SIGTERM) || undefined);
      release();
    },
  };
}

/** Whether a signal waits for the process (`ShdPnd` in its status, see `man proc`). */
function isPending(pid: number, signal: number): boolean {
  const [, pending] = /^ShdPnd:\t(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return ((BigInt(`0x${pending}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

/** Waits until `find` finds something; throws after the limit. */
export async function until<T>(
  what: string,
  find: () => T | undefined | Promise<T | undefined>,
  limitMs = 240_000,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come about in ${limitMs / 1000} s`);
    await sleep(50);
  }
}
