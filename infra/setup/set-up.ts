// Set-up after the packages: TensorFlow and Temporal in the user's cache, once, however many ask at the same time.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ifUnlocked, withLock } from '../../artifacts/lock.ts';
import { cacheFolder } from '../../machine/cache-folder.ts';
import type { Progress } from './python-wheel.ts';
import { findTemporalBinary, setUpTemporalBinary } from './temporal-binary.ts';
import { readyTensorflow, setUpTensorflow } from './tensorflow.ts';

/**
 * Makes this checkout ready to run; does nothing (and writes nothing) where it is. Answers whether it did something, which of several
 * at the same time only one does.
 * @throws with what to do about it
 */
export async function setUp(progress: Progress): Promise<boolean> {
  if (await isSetUp()) return false;
  const cache = cacheFolder();
  await mkdir(cache, { recursive: true }).catch(error => {
    throw new Error(`${cache}: cannot be written to (${error.code}); set SIMCNE_CACHE to a folder that can`);
  });
  return oneAtATime(cache, progress, async () => {
    if (await isSetUp()) return false;
    await setUpTensorflow(progress);
    await setUpTemporalBinary(progress);
    return true;
  });
}

async function isSetUp(): Promise<boolean> {
  const [tensorflow, temporal] = await Promise.all([readyTensorflow(), findTemporalBinary()]);
  return tensorflow !== undefined && temporal !== undefined;
}

async function oneAtATime(cache: string, progress: Progress, body: () => Promise<boolean>): Promise<boolean> {
  const lock = path.join(cache, 'set-up');
  let didSomething = false;
  const work = async () => {
    didSomething = await body();
  };
  try {
    if (await ifUnlocked(lock, work)) return didSomething;
    progress(`waiting for another set-up of ${cache}`);
    await withLock(lock, undefined, work);
    return didSomething;
  } catch (error) {
    throw isNoSpace(error)
      ? new Error(`${cache}: the disk is full; make room, or set SIMCNE_CACHE to a folder on a larger disk`)
      : error;
  }
}

function isNoSpace(error: unknown): boolean {
  return (
    error instanceof Error &&
    (('code' in error && error.code === 'ENOSPC') || error.message.includes('No space left'))
  );
}
