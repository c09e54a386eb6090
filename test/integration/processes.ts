// Finds the processes of a home, to do to them what bad luck does. Linux only.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export const canSeeProcesses = existsSync('/proc/self/environ');

/** Processes whose command line has `word` in it and whose SIMCNE_HOME is `home`. */
export function processesOf(home: string, word: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        return (
          environment.includes(`SIMCNE_HOME=${home}`) &&
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word)
        );
      } catch {
        return false; // gone meanwhile
      }
    });
}

/** Waits until `find` finds something; throws after the limit. */
export async function until<T>(what: string, find: () => T | undefined, limitMs = 60_000): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come about in ${limitMs / 1000} s`);
    await sleep(50);
  }
}
