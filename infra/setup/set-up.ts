// Set-up after the packages: TensorFlow and Temporal under `runtime/`, once, however many ask at the same time.
import { mkdir } from 'node:fs/promises';
import lockfile from 'proper-lockfile';
import { runtimeFolder } from '../home.ts';
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
  return withSetUpLock(runtimeFolder(), progress, async () => {
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

async function withSetUpLock<T>(runtime: string, progress: Progress, body: () => Promise<T>): Promise<T> {
  await mkdir(runtime, { recursive: true }).catch(error => {
    throw new Error(`${runtime}: cannot be written to (${error.code}); set SIMCNE_HOME to a folder that can`);
  });
  const release = await lock(runtime, progress);
  try {
    return await body();
  } catch (error) {
    throw isNoSpace(error)
      ? new Error(`${runtime}: the disk is full; make room, or set SIMCNE_HOME to a larger disk`)
      : error;
  } finally {
    await release();
  }
}

/** Waits for another set-up of the same runtime. The lock of one that was killed is free after ten seconds. */
async function lock(runtime: string, progress: Progress): Promise<() => Promise<void>> {
  if (await lockfile.check(runtime)) progress(`waiting for another set-up of ${runtime}`);
  return lockfile.lock(runtime, { retries: { forever: true, minTimeout: 500, maxTimeout: 500 } });
}

function isNoSpace(error: unknown): boolean {
  return (
    error instanceof Error &&
    (('code' in error && error.code === 'ENOSPC') || error.message.includes('No space left'))
  );
}
