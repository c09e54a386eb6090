// A step's child process, for real: what it says when it fails, and what becomes of it when it is killed.
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openAttemptLog } from '../../activities/attempt-log.ts';
import { runInChild } from '../../activities/run-child.ts';
import { cellsOf } from '../../experiments/experiment.ts';
import type { PrepareSettings } from '../../experiments/settings.ts';
import { smoke } from '../../experiments/smoke.ts';
import type { Step } from '../../experiments/steps.ts';
import { canSeeProcesses } from '../integration/processes.ts';

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
  downloads: [],
  checkpointsAfter: '',
  threads: 1,
});

it('tells an error by its name, and its log ends with it', async () => {
  const log = openAttemptLog(path.join(folder, 'logs', 'score.log'), { cell: 'shapes' });
  const inputs = {
    embedding: { step: 'embed' as const, folder },
    images: { step: 'prepare' as const, folder },
  };
  await expect(runInChild(job(4, inputs), log, new AbortController().signal, {})).rejects.toMatchObject({
    message: expect.stringContaining('embedding.npy'),
  });
  expect(log.lastLines().join('\n')).toContain('ENOENT');
  const lines = (await readFile(log.file, 'utf8'))
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(lines.at(-1)).toMatchObject({
    ...{ level: 'error', cell: 'shapes', pid: expect.any(Number), time: expect.stringMatching(/^20.*Z$/) },
    ...{ message: expect.stringContaining('ENOENT'), stack: expect.stringContaining(' at ') },
  });
});

it('killed without a word is ChildDied', async () => {
  const whole = job(1, { files: { step: 'fetch' as const, folder } });
  const settings = { ...whole.step.settings, images: 600, imageSize: 512 } as PrepareSettings; // of seconds: it has begun, and is not done
  const run = runInChild(
    { ...whole, step: { ...whole.step, settings } as Step },
    openAttemptLog(path.join(folder, 'prepare.log')),
    new AbortController().signal,
    { onProgress: (_progress, pid) => process.kill(pid, 'SIGKILL') },
  );
  await expect(run).rejects.toMatchObject({
    name: 'ChildDied',
    message: expect.stringMatching(/prepare .*SIGKILL/),
  });
});

it.skipIf(!canSeeProcesses)('has none of the credentials of its worker', async () => {
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'hidden');
  vi.stubEnv('AWS_REGION', 'shown');
  const inputs = { files: { step: 'fetch' as const, folder } };
  let environment = '';
  const run = runInChild(
    job(1, inputs),
    openAttemptLog(path.join(folder, 'prepare.log')),
    new AbortController().signal,
    {
      onProgress: (_progress, pid) => {
        environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        process.kill(pid, 'SIGKILL');
      },
    },
  );
  await expect(run).rejects.toMatchObject({ name: 'ChildDied' });
  vi.unstubAllEnvs();
  expect(environment).toContain('shown');
  expect(environment).not.toContain('hidden');
});

it('stopped by its signal ends with the signal’s reason', async () => {
  const stop = new AbortController();
  const inputs = { files: { step: 'fetch' as const, folder } };
  const run = runInChild(job(1, inputs), openAttemptLog(path.join(folder, 'prepare.log')), stop.signal, {});
  stop.abort(new Error('paused'));
  await expect(run).rejects.toThrow('paused');
});
