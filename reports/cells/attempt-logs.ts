// The logs of attempts, copied beside the pages that link to them, so that a report has them wherever it is taken or served.
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { AttemptResult, ExperimentResult } from '../result.ts';

const mostBytes = 2 ** 20; // of each, its end

/** Where a report has an attempt's log, from its folder; undefined where the log is not on this machine. */
export function attemptLogFile({ log, hasLog }: AttemptResult): string | undefined {
  return hasLog ? `logs/${path.basename(log)}` : undefined;
}

/** Copies the logs of an experiment's attempts, long ones from a line near their end on. */
export async function copyLogs(
  { experiment, attempts }: ExperimentResult,
  write: (name: string, contents: Uint8Array) => Promise<void>,
): Promise<void> {
  const own = attempts.filter(attempt => attempt.experiment === experiment);
  const files = new Map(own.map(attempt => [attemptLogFile(attempt), attempt.log]));
  for (const [name, log] of files) {
    const bytes = name && (await endOf(log).catch(ignoreMissing));
    if (bytes) await write(name, bytes);
  }
}

/** Somebody may clear the logs away meanwhile. */
function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}

async function endOf(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - mostBytes);
    const bytes = Buffer.alloc(size - from);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    return bytes.subarray(from === 0 ? 0 : bytes.indexOf('\n') + 1, bytesRead);
  } finally {
    await handle.close();
  }
}
