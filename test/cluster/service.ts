// A server process of a test's own: started, killed (kill -9), started again, and stopped in the end.
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServicePlan {
  name: string;
  program: string;
  args: string[];
  options?: SpawnOptions;
  log: string;
  /** Throws, or is false, while it does not serve. */
  serves: () => Promise<boolean>;
}

export interface Service {
  start(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const startWithinMs = 60_000;
const lookEveryMs = 200;

export function makeService({ name, program, args, options, log, serves }: ServicePlan): Service {
  let running: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals) => {
    const ending = running;
    running = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    await gone;
  };
  return {
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    /** Tries again while it ends at once: what a killed one held is free a moment later. */
    async start() {
      const output = openSync(log, 'a');
      try {
        for (const deadline = Date.now() + startWithinMs; Date.now() < deadline; await sleep(lookEveryMs)) {
          if (!running || running.exitCode !== null) {
            running = spawn(program, args, { ...options, stdio: ['ignore', output, output] });
          }
          if (await serves().catch(() => false)) return;
        }
      } finally {
        closeSync(output);
      }
      await end('SIGKILL');
      throw new Error(
        `${name} did not come up; ${log} ends with:\n${readFileSync(log, 'utf8').slice(-2_000)}`,
      );
    },
  };
}
