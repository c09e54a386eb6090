// `run --detach`: the same command, on its own in the background.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { logsFolder } from '../home.ts';
import { printResult } from './output.ts';
import { UsageError } from './usage-error.ts';

/**
 * Starts this very command line again without `--detach`, its output going to a log, and waits until its run has begun.
 * @throws with its own words, where it ends before
 */
export async function detach(command: Command, experiment: string): Promise<void> {
  mkdirSync(logsFolder(), { recursive: true });
  const log = path.join(logsFolder(), `run-${experiment}.log`);
  const output = openSync(log, 'a');
  const from = statSync(log).size;
  const line = process.argv.slice(1).filter(word => word !== '--detach');
  const child = spawn(process.execPath, line, { detached: true, stdio: ['ignore', output, output, 'ipc'] });
  const [told] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (typeof told !== 'string') {
    const said = readFileSync(log).subarray(from).toString(); // beside what earlier ones of the experiment say
    const words = said
      .split(/^simcne: /m)
      .at(-1)!
      .trim();
    throw new (told === 2 ? UsageError : Error)(words || `it ended at once; see ${log}`);
  }
  child.disconnect();
  child.unref();
  printResult(
    command,
    { experiment, workflowId: told, pid: child.pid, log, cells: [] },
    () =>
      `${told} runs in the background (process ${child.pid}, log ${log}); "simcne status ${experiment}" tells how far it is`,
  );
}

/** Tells whoever has detached this command which run it makes. */
export function tellDetacher(workflowId: string): void {
  if (process.connected) process.send!(workflowId);
}
