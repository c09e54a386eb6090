// Set-up after the packages: TensorFlow and Temporal under `runtime/`, once, however many ask at the same time.
import { mkdir } from 'node:fs/promises';
import lockfile from 'proper-lockfile';
import { runtimeFolder } from '../home.ts';
import type { Progress } from './python-wheel.ts';
import { findTemporalBinary, setUpTemporalBinary } from './temporal-binary.ts';
import { readyTensorflow, setUpTensorflow } from './tensorflow.ts';

/** Makes this checkout ready to run; does nothing (and writes nothing) where it is. @throws with what to do about it */
export async function setUp(progress: Progress): Promise<void> {
  if (await isSetUp()) return;
  await withSetUpLock(runtimeFolder(), progress, async () => {
    await setUpTensorflow(progress);
    await setUpTemporalBinary(progress);
  });
}

async function isSetUp(): Promise<boolean> {
  const [tensorflow, temporal] = await Promise.all([readyTensorflow(), findTemporalBinary()]);
  return tensorflow !== undefined && temporal !== undefined;
}

async function withSetUpLock(runtime: string, progress: Progress, body: () => Promise<void>): Promise<void> {
  await mkdir(runtime, { recursive: true }).catch(error => {
    throw new Error(`${runtime}: cannot be written to (${error.code}); set SIMCNE_HOME to a folder that can`);
  });
  const release = await lock(runtime, progress);
  try {
    await body();
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
