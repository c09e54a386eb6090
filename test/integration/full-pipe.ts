// Runs the command line with an output that nobody reads yet: a pipe that is full from the start. A process that ends before its
// output was taken loses all of it, however short it is.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownCommand } from './command-line.ts';

/** What a reader does with the pipe once the command is done with its work. */
export type Reader = 'reads slowly' | 'is gone' | 'interrupts';

export interface Read {
  code: number | null;
  /** What came through the pipe. */
  text: string;
  /** What came beside it. */
  beside: string;
}

/** Runs `simcne …` with stdout, or stderr, in a full pipe. */
export async function throughFullPipe(
  home: string,
  words: readonly string[],
  { stream = 'stdout', reader = 'reads slowly' as Reader } = {},
): Promise<Read> {
  const pipe = fullPipe();
  const isStdout = stream === 'stdout';
  const child = spawn(process.execPath, [ownCommand, ...words], {
    env: { ...process.env, SIMCNE_HOME: home },
    stdio: ['ignore', isStdout ? pipe.writing : 'pipe', isStdout ? 'pipe' : pipe.writing],
  });
  closeSync(pipe.writing);
  let beside = '';
  (child.stdout ?? child.stderr)?.on('data', chunk => {
    beside += chunk;
  });
  const ended = once(child, 'close');
  await untilStill(child.pid!);
  if (reader === 'interrupts') child.kill('SIGINT');
  if (reader === 'is gone') closeSync(pipe.reading);
  const text = reader === 'reads slowly' ? await readSlowly(pipe) : '';
  const [code] = await ended;
  if (reader === 'interrupts') closeSync(pipe.reading);
  return { code, text, beside };
}

/** A pipe, both its ends open, that takes no more; what fills it is not read as output. */
function fullPipe(): { reading: number; writing: number; filling: number } {
  const folder = mkdtempSync(path.join(tmpdir(), 'simcne-pipe-'));
  const file = path.join(folder, 'pipe');
  execFileSync('mkfifo', [file]);
  const reading = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const writing = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK);
  rmSync(folder, { recursive: true });
  let filling = 0;
  try {
    for (;;) filling += writeSync(writing, Buffer.alloc(4096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
  return { reading, writing, filling };
}

const lookEveryMs = 150;
const stillLooks = 3;

/** Waits until a process has ended or computes no more: it waits for somebody then. (Linux) */
async function untilStill(pid: number): Promise<void> {
  let [still, last] = [0, ''];
  while (still < stillLooks) {
    await sleep(lookEveryMs);
    const now = processorTime(pid);
    if (now === undefined) return;
    still = now === last ? still + 1 : 0;
    last = now;
  }
}

/** Ticks in user and in system mode; undefined once it has ended. */
function processorTime(pid: number): string | undefined {
  try {
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return state === 'Z' ? undefined : fields.slice(10, 12).join(' ');
  } catch {
    return undefined;
  }
}

/** Reads to the end, a little at a time. */
async function readSlowly({ reading, filling }: ReturnType<typeof fullPipe>): Promise<string> {
  const chunks: Buffer[] = [];
  const chunk = Buffer.alloc(4096);
  for (;;) {
    try {
      const bytes = readSync(reading, chunk);
      if (bytes === 0) break;
      chunks.push(Buffer.from(chunk.subarray(0, bytes)));
      await sleep(1);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await sleep(20);
    }
  }
  closeSync(reading);
  return Buffer.concat(chunks).subarray(filling).toString();
}
