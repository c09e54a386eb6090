// What an interrupted run leaves: nothing of it goes on by itself, nothing is lost, and it is named with the command that goes on.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { artifactStarts } from './artifact-digests.ts';
import { type Ended, simcne, startSimcne } from './command-line.ts';
import { homesOfTests } from './homes.ts';
import { canSeeProcesses, holdNext, processesOf, until } from './processes.ts';

const newHome = homesOfTests();

const training = 'step-child.js train';
const untilGone = (home: string) => until('the end', () => processesOf(home).length === 0 || undefined);

/** Starts the command, and ends it in the middle of its `nth` training. */
async function interrupt(
  home: string,
  words: string[],
  signal: 'SIGINT' | 'SIGKILL',
  nth = 1,
): Promise<Ended> {
  const run = startSimcne(home, words);
  const known: number[] = [];
  while (known.length < nth - 1) {
    known.push(await until('a training', () => pidsOf(home).find(pid => !known.includes(pid))));
  }
  const held = await holdNext(home, training, known);
  run.process.kill(signal);
  await held.releaseOnceToldToEnd();
  const ended = await run.ended;
  await untilGone(home);
  return ended;
}

const pidsOf = (home: string) => processesOf(home, training).map(({ pid }) => pid);

const statusesOf = (ended: Ended) =>
  JSON.parse(ended.stdout).cells.map(({ address, status }: Record<string, string>) => `${address} ${status}`);
/** Each finished training by its key and when it was begun. */
const trainingStarts = async (home: string) =>
  [...(await artifactStarts(home))].map(one => one.join(' ')).filter(one => one.startsWith('train '));
const pixels = 'shapes/pixels-tsne';

describe.skipIf(!canSeeProcesses)('an interrupted run', () => {
  it.each(['SIGINT', 'SIGKILL'] as const)(
    'ended by %s: a selection makes that alone and names the rest; the same command goes on, and what was forced is forced once',
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
      expect(await trainingStarts(home)).toEqual([]);

      const all = await simcne(home, 'run', 'smoke', '--json');
      expect(all).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/interrupted/) });
      expect(statusesOf(all)).toHaveLength(4);
      const before = await trainingStarts(home);
      expect(before).toHaveLength(2);

      const forced = ['run', 'smoke', '--method', 't-simcne', '--method', 'simclr-tsne', '--force', 'train'];
      await interrupt(home, forced, signal, 2);
      const made = await trainingStarts(home);
      expect(made.filter(one => !before.includes(one))).toHaveLength(1);

      expect(await simcne(home, ...forced)).toMatchObject({ code: 0 });
      const after = await trainingStarts(home);
      expect(after.filter(one => before.includes(one))).toEqual([]);
      expect(after.filter(one => made.includes(one))).toHaveLength(1);

      expect(await simcne(home, ...forced)).toMatchObject({ code: 0 }); // that run has ended: another one
      expect((await trainingStarts(home)).filter(one => after.includes(one))).toEqual([]);
    },
    600_000,
  );

  it('is gone on with by a command that followed it', async () => {
    const home = await newHome();
    const words = ['run', 'smoke', '--method', 't-simcne', '--json'];
    const first = startSimcne(home, words);
    const held = await holdNext(home, training);
    const follower = startSimcne(home, words);
    await until('the follower', () => /following it/.test(follower.output()) || undefined);
    first.process.kill('SIGINT');
    await held.releaseOnceToldToEnd();
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
    const held = await holdNext(home, training);
    const beginning = startSimcne(home, [
      'run',
      'smoke',
      '--method',
      't-simcne',
      '--method',
      'pixels-tsne',
      '--json',
    ]);
    await until('the selection', () => /following it/.test(beginning.output()) || undefined);
    held.release();
    const beside = await beginning.ended;
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
