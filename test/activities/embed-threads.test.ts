// Workers of CPU steps hold TensorFlow to the threads that each may start: an embedding does not depend on how many.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { openAttemptLog } from '../../activities/attempt-log.ts';
import { runInChild } from '../../activities/run-child.ts';
import { artifactDigest, folderFiles } from '../../artifacts/digest.ts';
import { cellsOf } from '../../experiments/experiment.ts';
import { smoke } from '../../experiments/smoke.ts';

it('embed: the same to the bit on 1, 3 and 16 threads of TensorFlow', async () => {
  const store = await mkdtemp(path.join(tmpdir(), 'simcne-threads-'));
  const [, prepare, train, embed] = cellsOf(smoke)[0].steps;
  const make = async (step: typeof embed, from: Record<string, typeof embed>, name: string = step.step) => {
    const folder = path.join(store, name);
    await mkdir(folder, { recursive: true });
    const inputs = Object.fromEntries(
      Object.entries(from).map(([role, { step }]) => [role, { step, folder: path.join(store, step) }]),
    );
    const checkpointFolder = path.join(store, `${name}-checkpoints`);
    const job = {
      step,
      inputs,
      folder,
      store,
      checkpointFolder,
      downloads: [],
      checkpointsAfter: '',
      threads: 1,
    };
    const log = openAttemptLog(path.join(store, `${name}.log`));
    await runInChild(job, log, new AbortController().signal, {});
    return artifactDigest(await folderFiles(folder));
  };
  try {
    await mkdir(path.join(store, 'fetch'));
    await make(prepare, { files: cellsOf(smoke)[0].steps[0] });
    await make(train, { images: prepare });
    const digests = new Set<string>();
    for (const threads of ['1', '3', '16']) {
      vi.stubEnv('TF_NUM_INTRAOP_THREADS', threads);
      digests.add(await make(embed, { images: prepare, network: train }, `embed-${threads}`));
    }
    expect(digests.size).toBe(1);
  } finally {
    vi.unstubAllEnvs();
    await rm(store, { recursive: true, force: true });
  }
});
