// One at a time, over all processes that share a store: a lock per key that outlives no crash.
// A holder that slept past its time (a suspended machine) is told so and stops; what it may still write harms nobody: see store.ts.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import lockfile from 'proper-lockfile';

const staleMs = 10_000; // a holder that has not renewed for that long is dead
const retryMs = 200;
const options = { stale: staleMs, update: staleMs / 4, realpath: false }; // the lock is the folder `<place>.lock`

/** The lock was taken over, because its holder did not renew it in time. */
export class Superseded extends Error {
  override name = 'Superseded';
}

/**
 * Runs `work` while holding the lock at `place`; waits for whoever holds it; throws the signal's reason when aborted.
 * The signal that `work` is given aborts with that of the caller, or with `Superseded` when another has taken the lock.
 */
export async function withLock<T>(
  place: string,
  signal: AbortSignal | undefined,
  work: (held: AbortSignal) => Promise<T>,
): Promise<T> {
  await mkdir(path.dirname(place), { recursive: true });
  const lost = new AbortController();
  const release = await acquire(place, signal, lost);
  try {
    return await work(AbortSignal.any(signal ? [signal, lost.signal] : [lost.signal]));
  } finally {
    await release().catch(() => {}); // taken over
  }
}

/** Runs `work` while holding the lock, unless somebody holds it, or what `work` needs has gone; whether it was done. */
export async function ifUnlocked(place: string, work: () => Promise<void>): Promise<boolean> {
  await mkdir(path.dirname(place), { recursive: true });
  const release = await lockfile.lock(place, { ...options, onCompromised: () => {} }).catch(error => {
    if (error.code !== 'ELOCKED') throw error;
  });
  if (!release) return false;
  try {
    await work();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return false;
  } finally {
    await release().catch(() => {});
  }
}

async function acquire(
  place: string,
  signal: AbortSignal | undefined,
  lost: AbortController,
): Promise<() => Promise<void>> {
  const onCompromised = () =>
    lost.abort(
      new Superseded(`${place}: another took this over, as it was not renewed for ${staleMs / 1000} s`),
    );
  for (;;) {
    if (signal?.aborted) throw signal.reason;
    try {
      return await lockfile.lock(place, { ...options, onCompromised });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    }
    await sleep(retryMs, undefined, { signal }).catch(() => {});
  }
}
