// A step's child process, for real: what it says when it fails, and what becomes of it when it is killed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lastLines, runInChild } from '../../activities/run-child.ts';
import { cellsOf } from '../../experiments/experiment.ts';
import { smoke } from '../../experiments/smoke.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'simcne-child-'));
});
afterEach(() => rm(folder, { recursive: true }));

const cell = cellsOf(smoke)[0];
const job = (step: number, inputs = {}) => ({
  step: cell.steps[step],
  inputs,
  folder,
  store: folder,
  checkpointFolder: path.join(folder, 'checkpoints'),
  checkpointsAfter: '',
  threads: 1,
});

it('tells an error by its name, and its log ends with it', async () => {
  const log = path.join(folder, 'logs', 'score.log');
  const inputs = {
    embedding: { step: 'embed' as const, folder },
    images: { step: 'prepare' as const, folder },
  };
  await expect(runInChild(job(4, inputs), log, new AbortController().signal, () => {})).rejects.toMatchObject(
    {
      message: expect.stringContaining('embedding.npy'),
    },
  );
  expect((await lastLines(log)).join('\n')).toContain('ENOENT');
});

it('killed without a word is ChildDied', async () => {
  const inputs = { files: { step: 'fetch' as const, folder } };
  const run = runInChild(
    job(1, inputs),
    path.join(folder, 'prepare.log'),
    new AbortController().signal,
    (_progress, pid) => process.kill(pid, 'SIGKILL'),
  );
  await expect(run).rejects.toMatchObject({
    name: 'ChildDied',
    message: expect.stringMatching(/prepare .*SIGKILL/),
  });
});

it('stopped by its signal ends with the signal’s reason', async () => {
  const stop = new AbortController();
  const inputs = { files: { step: 'fetch' as const, folder } };
  const run = runInChild(job(1, inputs), path.join(folder, 'prepare.log'), stop.signal, () => {});
  stop.abort(new Error('paused'));
  await expect(run).rejects.toThrow('paused');
});
