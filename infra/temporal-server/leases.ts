// Who uses the embedded server: one empty file per user, named after its process, so that a crash leaves no doubt.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ifUnlocked } from '../../artifacts/lock.ts';
import { isSameProcess, processStart } from './process-identity.ts';

let taken = 0;

/** Takes a lease for this process. It ends with the returned function, with the process, or with its death. */
export function takeLease(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  taken += 1;
  const file = path.join(folder, `${process.pid}-${processStart(process.pid)}-${taken}`);
  writeFileSync(file, '');
  const release = () => {
    process.off('exit', release);
    rmSync(file, { force: true });
  };
  process.on('exit', release);
  return release;
}

/** Takes the lease if nobody else has one, or is about to: commands may start in the same moment. Undefined otherwise. */
export async function takeOnlyLease(folder: string): Promise<(() => void) | undefined> {
  mkdirSync(folder, { recursive: true });
  let release: (() => void) | undefined;
  await ifUnlocked(folder, async () => {
    if (liveLeases(folder) === 0) release = takeLease(folder);
  });
  return release;
}

/** How many leases are held by processes that live. Those of dead ones are removed. */
export function liveLeases(folder: string): number {
  let live = 0;
  for (const name of readdirSync(folder)) {
    const [pid, start] = name.split('-');
    if (isSameProcess(Number(pid), start)) live += 1;
    else rmSync(path.join(folder, name), { force: true });
  }
  return live;
}
