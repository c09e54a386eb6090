// What an interrupted run leaves: nothing of it goes on by itself, nothing is lost, and it is named with the command that goes on.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { artifactStarts } from './artifact-digests.ts';
import { type Ended, simcne, startSimcne } from './command-line.ts';
import { homesOfTests } from './homes.ts';
import { canSeeProcesses, processesOf, until } from './processes.ts';

const newHome = homesOfTests();

const patienceMs = 240_000; // of a machine that has much else to do
const trainings = (home: string) => processesOf(home, 'step-child.ts train');
const untilTraining = (home: string) => until('a training', () => trainings(home)[0], patienceMs);
const untilGone = (home: string) =>
  until('the end', () => (processesOf(home).length === 0 ? true : undefined), patienceMs);

/** Starts the command, and ends it once a training is under way. */
async function interrupt(home: string, words: string[], signal: 'SIGINT' | 'SIGKILL'): Promise<Ended> {
  const run = startSimcne(home, words);
  await untilTraining(home);
  run.process.kill(signal);
  const ended = await run.ended;
  await untilGone(home);
  return ended;
}

const statusesOf = (ended: Ended) =>
  JSON.parse(ended.stdout).cells.map(({ address, status }: Record<string, string>) => `${address} ${status}`);
const stepsMade = async (home: string) =>
  [...(await artifactStarts(home)).keys()].map(name => name.split(' ')[0]).sort();
const pixels = 'shapes/pixels-tsne';

describe.skipIf(!canSeeProcesses)('an interrupted run', () => {
  it.each(['SIGINT', 'SIGKILL'] as const)(
    'ended by %s: a selection makes that alone, and says what goes on with the rest',
    async signal => {
      const home = await newHome();
      const ended = await interrupt(home, ['run', 'smoke'], signal);
      if (signal === 'SIGINT') {
        expect(ended).toMatchObject({
          code: 130,
          stderr: expect.stringContaining('"simcne run smoke" goes on'),
        });
      }

      const named = /^smoke: an interrupted run left \d of its 4 cells; "simcne run smoke" goes on with it$/m;
      for (const words of [
        ['run', 'smoke', '--method', 'pixels-tsne'],
        ['rerun', `smoke/${pixels}`],
      ]) {
        const selected = await simcne(home, ...words, '--json');
        expect(selected).toMatchObject({ code: 0, stderr: expect.stringMatching(named) });
        expect(statusesOf(selected)).toEqual([`${pixels} done`]);
      }
      expect(await stepsMade(home)).not.toContain('train');

      const all = await simcne(home, 'run', 'smoke', '--json');
      expect(all).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/interrupted/) });
      expect(statusesOf(all)).toHaveLength(4);
      expect(await stepsMade(home)).toContain('train');
    },
    600_000,
  );

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'ended by %s: the same command goes on, and what was forced is forced once',
    async signal => {
      const home = await newHome();
      const words = ['run', 'smoke', '--method', 't-simcne', '--method', 'simclr-tsne'];
      expect(await simcne(home, ...words)).toMatchObject({ code: 0 });
      const before = await artifactStarts(home);
      const changed = async () => {
        const now = await artifactStarts(home);
        return [...now].filter(([name, at]) => name.startsWith('train ') && before.get(name) !== at);
      };

      const forced = [...words, '--force', 'train'];
      const run = startSimcne(home, forced);
      const [first] = await until(
        'the first training again',
        async () => {
          const found = await changed().catch(() => []); // while one is put in another's place
          return found.length === 1 && trainings(home).length > 0 ? found : undefined;
        },
        patienceMs,
      );
      run.process.kill(signal);
      await run.ended;
      await untilGone(home);
      expect(await changed()).toEqual([first]);

      expect(await simcne(home, ...forced)).toMatchObject({ code: 0 });
      const after = await changed();
      expect(after).toHaveLength(2);
      expect(after).toContainEqual(first);

      expect(await simcne(home, ...forced)).toMatchObject({ code: 0 }); // that run has ended: another one
      expect(await changed()).not.toContainEqual(first);
    },
    600_000,
  );

  it('is gone on with by a command that followed it', async () => {
    const home = await newHome();
    const words = ['run', 'smoke', '--method', 't-simcne', '--json'];
    const first = startSimcne(home, words);
    await untilTraining(home);
    const follower = startSimcne(home, words);
    await until(
      'the follower',
      () => (/following it/.test(follower.output()) ? true : undefined),
      patienceMs,
    );
    first.process.kill('SIGINT');
    expect(await first.ended).toMatchObject({ code: 130 });
    const ended = await follower.ended;
    expect(ended).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/was interrupted: going on with its cells/),
    });
    expect(statusesOf(ended)).toEqual(['shapes/t-simcne/rot90/seed-1 done']);
    expect(processesOf(home)).toEqual([]);
  }, 300_000);
});

it.skipIf(!canSeeProcesses)(
  'a selection beside a run of its experiment: what that makes is waited for, the rest made meanwhile',
  async () => {
    const home = await newHome();
    const run = startSimcne(home, ['run', 'smoke', '--method', 't-simcne', '--json']);
    await untilTraining(home);
    const selection = ['run', 'smoke', '--method', 't-simcne', '--method', 'pixels-tsne', '--json'];
    const beside = await simcne(home, ...selection);
    expect(beside.stderr).toMatch(/^smoke is running: this is made beside it$/m);
    expect(beside.stderr).toMatch(
      /^smoke\/shapes\/t-simcne\/rot90\/seed-1 is being made already: following it$/m,
    );
    expect(beside).toMatchObject({ code: 0 });
    expect(statusesOf(beside)).toEqual(['shapes/t-simcne/rot90/seed-1 done', `${pixels} done`]);
    expect(await run.ended).toMatchObject({ code: 0 });
    const logs = await readdir(path.join(home, 'logs', 'steps'));
    const begun = logs.filter(name => name.startsWith('train-'));
    expect(begun).toHaveLength(1); // it was made once
    expect(await readFile(path.join(home, 'logs', 'steps', begun[0]), 'utf8')).not.toContain('going on from');
  },
  300_000,
);
