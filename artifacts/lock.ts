// One at a time, over all processes that share a store: a lock per key that outlives no crash.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import lockfile from 'proper-lockfile';

const staleMs = 10_000; // a holder that has not renewed for that long is dead
const retryMs = 200;

/** Runs `work` while holding the lock at `place`; waits for whoever holds it; throws the signal's reason when aborted. */
export async function withLock<T>(
  place: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, '', { flag: 'a' });
  const release = await acquire(place, signal);
  try {
    return await work();
  } finally {
    await release().catch(() => {}); // taken over as stale: the work is done all the same, and is kept whole
  }
}

async function acquire(place: string, signal: AbortSignal | undefined): Promise<() => Promise<void>> {
  for (;;) {
    if (signal?.aborted) throw signal.reason;
    try {
      return await lockfile.lock(place, { stale: staleMs, update: staleMs / 4, onCompromised: () => {} });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    }
    await sleep(retryMs, undefined, { signal }).catch(() => {});
  }
}
