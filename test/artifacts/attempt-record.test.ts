import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { experimentAttempts } from '../../activities/experiment-attempts.ts';
import { beginAttempt, readAttempts } from '../../artifacts/attempt-record.ts';

let store: string;
beforeEach(async () => {
  store = await mkdtemp(path.join(tmpdir(), 'simcne-attempts-'));
});
afterEach(() => rm(store, { recursive: true }));

const beginning = (workflowId: string, key = 'a'.repeat(64)) => ({
  ...{ key, step: 'train', workflowId, runId: 'r', attempt: 1, machine: 'm', log: '' },
});

it('tells what an attempt did, as far as it came: who is killed has said it already', async () => {
  const attempt = await beginAttempt(store, beginning('quick/shapes'));
  expect(await readAttempts(store, 'quick')).toMatchObject([
    { outcome: 'running', seconds: 0, checkpoints: [] },
  ]);
  attempt.wentOnFrom(null);
  for (let epoch = 1; epoch <= 20; epoch++) attempt.wrote(`epoch-${epoch}`);
  await sleep(20);
  attempt.beat();
  const isTold = async () => {
    const [told] = await readAttempts(store, 'quick');
    expect(told).toMatchObject({ outcome: 'running', wentOnFrom: null });
    expect(told.seconds).toBeGreaterThan(0.019);
    expect(told.checkpoints.at(-1)).toMatchObject({ name: 'epoch-20' });
    expect(told.checkpoints).toHaveLength(8);
  };
  await vi.waitFor(isTold, { timeout: 60_000 });
  await attempt.end('interrupted', 'ChildDied');
  expect(await readAttempts(store, 'quick')).toMatchObject([{ outcome: 'interrupted', error: 'ChildDied' }]);
});

it('gives the attempts of an experiment, and those of others at the same artifacts, without damaged records', async () => {
  const [shared, own, foreign] = ['a', 'b', 'c'].map(letter => letter.repeat(64));
  await beginAttempt(store, beginning('quick/x', shared));
  await beginAttempt(store, beginning('quick/x', own));
  await sleep(2);
  await beginAttempt(store, beginning('desk/x', shared));
  await beginAttempt(store, beginning('desk/x', foreign));
  const keys = async (...also: string[]) =>
    (await readAttempts(store, 'quick', also)).map(({ workflowId, key }) => `${workflowId} ${key[0]}`);
  expect((await keys()).sort()).toEqual(['desk/x a', 'quick/x a', 'quick/x b']);
  expect((await keys()).at(-1)).toBe('desk/x a'); // in the order in which they began
  expect(await keys(foreign)).toContain('desk/x c');
  const folder = path.join(store, 'attempts', 'quick');
  const [name] = (await readdir(folder)).filter(one => one.startsWith(own));
  const text = await readFile(path.join(folder, name), 'utf8');
  await writeFile(path.join(folder, name), text.replace('"attempt": 1', '"attempt": 7'));
  expect((await keys()).sort()).toEqual(['desk/x a', 'quick/x a']);
});

it('takes an attempt for dead that another followed, or that was not heard of for a minute', async () => {
  await beginAttempt(store, beginning('quick/x'));
  const outcomes = async (now: number) =>
    (await experimentAttempts(store, 'quick', [], now)).map(({ outcome, error }) => error ?? outcome);
  expect(await outcomes(Date.now())).toEqual(['running']);
  expect(await outcomes(Date.now() + 61_000)).toEqual(['WorkerLost']);
  await sleep(2);
  await beginAttempt(store, beginning('quick/y'));
  expect(await outcomes(Date.now())).toEqual(['WorkerLost', 'running']);
});
