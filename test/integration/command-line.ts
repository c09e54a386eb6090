// Runs the real command line in a process of its own, on a home of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The command of a checkout. */
export const commandOf = (checkout: string): string => path.join(checkout, 'infra', 'simcne.js');

export const ownCommand = commandOf(fileURLToPath(new URL('../..', import.meta.url)));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  seconds: number;
}

/** A state folder that nobody else uses; set-up's runtime is found in the checkout. */
export async function temporaryHome(): Promise<{ home: string; remove(): Promise<void> }> {
  const home = await mkdtemp(path.join(tmpdir(), 'simcne-home-'));
  return { home, remove: () => rm(home, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Starts `simcne …`; `ended` resolves with what it printed. */
export function startSimcne(
  home: string,
  words: string[],
  env: NodeJS.ProcessEnv = {},
  command = ownCommand,
): { process: ChildProcess; ended: Promise<Ended>; output: () => string } {
  const started = performance.now();
  const child = spawn(process.execPath, [command, ...words], {
    env: { ...process.env, SIMCNE_HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', chunk => {
    stdout += chunk;
  });
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code =>
      resolve({ code, stdout, stderr, seconds: (performance.now() - started) / 1000 }),
    );
  });
  return { process: child, ended, output: () => stderr };
}

/** Runs `simcne …` to its end. */
export function simcne(home: string, ...words: string[]): Promise<Ended> {
  return startSimcne(home, words).ended;
}
