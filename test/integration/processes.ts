// Finds the processes of a home, to do to them what bad luck does. Linux only.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export const canSeeProcesses = existsSync('/proc/self/environ');

export interface Process {
  pid: number;
  /** Its command line, words separated by blanks. */
  line: string;
}

/**
 * Processes whose SIMCNE_HOME is `home` and whose command line has `words` in it. (Not the TypeScript compiler that a
 * process may have started: it ends by itself when its pipe does, a moment later.)
 */
export function processesOf(home: string, words = ''): Process[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        const isMeant = line.includes(words) && !line.includes('esbuild --service');
        return environment.includes(`SIMCNE_HOME=${home}`) && isMeant ? [{ pid: Number(pid), line }] : [];
      } catch {
        return []; // gone meanwhile
      }
    });
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
