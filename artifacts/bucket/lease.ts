// One at a time, over all hosts that share a bucket: an object that its holder writes again every few seconds. Nobody compares clocks: whoever
// waits takes the lease over once it has seen the same version for too long. What two holders may do all the same harms nobody: see shared-store.ts.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ObjectStore } from './object-store.ts';
import { StoreUnreachable } from './object-store-errors.ts';

export interface LeasePace {
  renewMs: number;
  /** A lease that was not renewed for that long is that of a dead holder. */
  staleMs: number;
  retryMs: number;
}

/** The lease was taken over, because its holder did not renew it in time. */
export class Superseded extends Error {
  override name = 'Superseded';
}

const usualPace: LeasePace = { renewMs: 5_000, staleMs: 20_000, retryMs: 1_000 };

/**
 * Runs `work` while holding the lease; waits for whoever holds it; throws the signal's reason when aborted. The signal that
 * `work` is given aborts with that of the caller, or with `Superseded` when another has taken the lease over. A holder that
 * cannot reach the server works on: if it was superseded meanwhile, it learns so when the server answers again. `onBusy` is told once a
 * holder is seen to live, and ends the waiting where it throws.
 */
export async function withLease<T>(
  objects: ObjectStore,
  name: string,
  signal: AbortSignal | undefined,
  work: (held: AbortSignal) => Promise<T>,
  { pace = usualPace, onBusy = () => {} } = {},
): Promise<T> {
  const owner = randomUUID();
  const version = await take(objects, name, owner, signal, pace, onBusy);
  const lost = new AbortController();
  const done = new AbortController();
  const renewing = keepRenewing(objects, name, { owner, version }, pace, done.signal).catch(error =>
    lost.abort(error),
  );
  try {
    return await work(AbortSignal.any(signal ? [signal, lost.signal] : [lost.signal]));
  } finally {
    done.abort();
    await renewing;
    if (!lost.signal.aborted) await objects.remove(name).catch(() => {}); // else it expires
  }
}

async function take(
  objects: ObjectStore,
  name: string,
  owner: string,
  signal: AbortSignal | undefined,
  { staleMs, retryMs }: LeasePace,
  onBusy: () => void,
): Promise<string> {
  let seen = { version: '', since: 0 };
  for (;;) {
    if (signal?.aborted) throw signal.reason;
    const holder = await objects.read(name);
    if (holder && isOf(owner, holder.text)) return holder.version; // the answer to our own writing was lost
    if (holder && holder.version !== seen.version) {
      if (seen.version !== '') onBusy();
      seen = { version: holder.version, since: performance.now() };
    }
    if (!holder || performance.now() - seen.since > staleMs) {
      const version = await objects.write(name, leaseText(owner), holder?.version ?? null);
      if (version !== undefined) return version;
    }
    await sleep(retryMs, undefined, { signal }).catch(() => {});
  }
}

/** @throws Superseded when another has the lease */
async function keepRenewing(
  objects: ObjectStore,
  name: string,
  { owner, version: taken }: { owner: string; version: string },
  { renewMs, staleMs }: LeasePace,
  done: AbortSignal,
): Promise<void> {
  let version = taken;
  for (;;) {
    await sleep(renewMs, undefined, { signal: done }).catch(() => {});
    if (done.aborted) return;
    try {
      const next = await objects.write(name, leaseText(owner), version);
      const holder = next === undefined ? await objects.read(name) : undefined;
      if (next === undefined && !(holder && isOf(owner, holder.text))) {
        throw new Superseded(
          `${objects.address}/${name}: another host took this over, as it was not renewed for ${staleMs / 1000} s`,
        );
      }
      version = next ?? holder!.version;
    } catch (error) {
      if (!(error instanceof StoreUnreachable)) throw error;
    }
  }
}

/** Every writing differs, so that every renewal is a version of its own. */
function leaseText(owner: string): string {
  return JSON.stringify({ owner, machine: hostname(), renewal: randomUUID() });
}

function isOf(owner: string, text: string): boolean {
  return text.includes(owner);
}
