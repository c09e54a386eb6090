// One at a time, over all that share a disk: the operating system's own lock on a file. It ends with its holder, however that ends, asks no
// clock, and holds across containers and, as the file server keeps it, across machines.
import { mkdir, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tryLock } from 'fs-native-extensions';
import { ignoreMissing } from './durable.ts';

const retryMs = 200;

/** The file that a lock lies on. */
export const lockFile = (place: string): string => `${place}.flock`;

/**
 * Runs `work` while holding the lock at `place`; waits for whoever holds it; throws the signal's reason when aborted. `onBusy` is told
 * while somebody does, and ends the waiting where it throws.
 */
export async function withLock<T>(
  place: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
  onBusy = () => {},
): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    const release = await take(place);
    if (release) return work().finally(release);
    onBusy();
    await sleep(retryMs, undefined, { signal }).catch(() => {});
  }
}

/** Runs `work` while holding the lock, unless somebody holds it; whether it was done. */
export async function ifUnlocked(place: string, work: () => Promise<void>): Promise<boolean> {
  const release = await take(place);
  await (release && work().finally(release));
  return release !== undefined;
}

/** Whether somebody holds the lock, who thus lives; one who tries in the same moment counts, too. */
export async function isLocked(place: string): Promise<boolean> {
  return !(await ifUnlocked(place, async () => {}));
}

/** Takes the lock; undefined where somebody holds it. What is returned gives it back. */
async function take(place: string): Promise<(() => Promise<void>) | undefined> {
  const file = lockFile(place);
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'a');
  try {
    const { ino } = await handle.stat();
    const isMine = tryLock(handle.fd) && (await stat(file).catch(ignoreMissing))?.ino === ino; // else its last holder removed it
    if (isMine) return () => rm(file, { force: true }).finally(() => handle.close());
  } catch (error) {
    await handle.close();
    throw explainLockError(error, file);
  }
  await handle.close();
  return undefined;
}

function explainLockError(error: unknown, file: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOLCK' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') return error;
  return new Error(
    `${file}: this disk gives no locks (${code}); set SIMCNE_HOME to one that does, or share by a bucket (SIMCNE_STORE)`,
  );
}
