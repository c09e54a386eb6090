// Running another program to its end, keeping what it said for the message where it fails.
import { spawn } from 'node:child_process';

/** A program that could not be started or failed. `answer` is the end of what it said. */
export class CommandFailed extends Error {
  readonly answer: string;

  constructor(command: string, answer: string) {
    super(`${command}: ${answer}`);
    this.name = 'CommandFailed';
    this.answer = answer;
  }
}

/**
 * What `command` wrote to stdout.
 * @throws CommandFailed where it cannot be started or ends with anything but 0
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; signal?: AbortSignal } = {},
): Promise<string> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    const fail = (answer: string) => reject(new CommandFailed([command, ...args].join(' '), answer));
    child.on('error', error => fail(error.message));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else fail(lastLines(stderr.trim() || stdout.trim()) || `ended with ${signal ?? `exit code ${code}`}`);
    });
  });
}

/** The end of a program's output: the lines that it marks as errors where there are some, else the last ones. */
export function lastLines(output: string, count = 6): string {
  const lines = output.split('\n').filter(line => line.trim() !== '');
  const errors = lines.filter(line => /error/i.test(line));
  return (errors.length > 0 ? errors : lines).slice(-count).join('\n');
}
