// Claims about locks: one holder at a time, over processes; a living one keeps its lock whatever a clock says, a dead one has none.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, it } from 'vitest';
import { ifUnlocked, lockFile, withLock } from '../../artifacts/lock.ts';
import { temporaryFolder } from '../datasets/temporary-folder.ts';

const starter = fileURLToPath(new URL('../typescript-start.js', import.meta.url));
const holder = new URL('./lock-holder.ts', import.meta.url).href;

let place: string;
beforeEach(() => {
  place = path.join(temporaryFolder(), 'locks', 'one');
});

/** Another process that holds the lock. */
async function held() {
  const child = spawn(process.execPath, [starter, holder, place], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}
const isFree = () => ifUnlocked(place, async () => {});

it('holders follow each other, in one process and in many; nothing stays', async () => {
  const inside: number[] = [];
  let now = 0;
  const hold = () =>
    withLock(place, undefined, async () => {
      inside.push(++now);
      await sleep(5);
      now--;
    });
  const other = await held();
  const waiting = Array.from({ length: 20 }, hold);
  await sleep(500);
  expect(inside).toEqual([]);
  other.stdin.end();
  await Promise.all(waiting);
  expect(inside).toEqual(waiting.map(() => 1));
  expect(await readdir(path.dirname(place))).toEqual([]);
});

it('a holder whose clock is wrong, or that sleeps, keeps its lock', async () => {
  const other = await held();
  await utimes(lockFile(place), new Date(0), new Date(0));
  expect(await isFree()).toBe(false);
  other.kill('SIGSTOP');
  await sleep(12_000);
  expect(await isFree()).toBe(false);
  other.kill('SIGCONT');
  other.stdin.end();
  await once(other, 'exit');
  expect(await isFree()).toBe(true);
});

it('the lock of a holder that is killed is free at once', async () => {
  const other = await held();
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(await isFree()).toBe(true);
});

it('whoever is told to stop waits no longer', async () => {
  await withLock(place, undefined, async () => {
    const stop = new AbortController();
    const waiting = withLock(place, stop.signal, async () => {});
    setTimeout(() => stop.abort(new Error('stop')), 50);
    await expect(waiting).rejects.toThrow('stop');
  });
});
