// `run --detach`: the same command, on its own in the background.
import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { logsFolder } from '../home.ts';
import { printResult } from './output.ts';

/** Starts this very command line again without `--detach`, its output going to a log. */
export function detach(command: Command, experiment: string): void {
  mkdirSync(logsFolder(), { recursive: true });
  const log = path.join(logsFolder(), `run-${experiment}.log`);
  const output = openSync(log, 'a');
  const line = process.argv.slice(1).filter(word => word !== '--detach');
  const child = spawn(process.execPath, line, { detached: true, stdio: ['ignore', output, output] });
  child.unref();
  printResult(
    command,
    { experiment, workflowId: experiment, pid: child.pid, log, cells: [] },
    () =>
      `${experiment} runs in the background (process ${child.pid}, log ${log}); "simcne status ${experiment}" tells how far it is`,
  );
}
