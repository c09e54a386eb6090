// What goes wrong while cells are made: a killed training, a lost server, a full disk. Nothing half-made counts.
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { artifactDigests } from './artifact-digests.ts';
import { simcne, startSimcne } from './command-line.ts';
import { homesOfTests } from './homes.ts';
import { canSeeProcesses, processesOf, signalIfThere, until } from './processes.ts';

const newHome = homesOfTests();

const words = ['run', 'smoke', '--method', 't-simcne', '--json'];

/** A run whose training has begun, in the process `child`. */
async function startTraining(home: string) {
  const run = startSimcne(home, words);
  const [child] = await until('the training', () => {
    const found = processesOf(home, 'step-child.js train');
    return found.length > 0 ? found : undefined;
  });
  return { ...run, child: child.pid };
}

describe.skipIf(!canSeeProcesses)('while a training runs', () => {
  let calm: Record<string, string>;

  beforeAll(async () => {
    const home = await newHome();
    expect((await simcne(home, ...words)).code).toBe(0);
    calm = await artifactDigests(home);
  });

  it('a killed child is started again, and the end is bit-identical to a calm run in another store', async () => {
    const home = await newHome();
    const run = await startTraining(home);
    process.kill(run.child, 'SIGKILL');
    const ended = await run.ended;
    expect(ended).toMatchObject({ code: 0 });
    const { steps, losses } = JSON.parse(ended.stdout).ledger;
    expect(losses).toMatchObject([{ cause: 'ChildDied', attempts: 1 }]);
    expect(steps.find(({ step }: { step: string }) => step === 'train')).toMatchObject({
      made: 1,
      attempts: 2,
    });
    const all = steps.at(-1);
    expect(all.lostSeconds).toBeGreaterThan(0);
    expect(all.usefulSeconds).toBeGreaterThan(all.lostSeconds); // it was killed as it began
    const page = await readFile(path.join(home, 'reports', 'smoke', 'index.html'), 'utf8');
    expect(page).toContain('Lost to ChildDied (1,');
    const pages = path.join(home, 'reports', 'smoke', 'cells', 'shapes', 't-simcne', 'rot90');
    const cellPage = await readFile(path.join(pages, 'seed-1.html'), 'utf8');
    const [, log] = /href="([^"]*train-[^"]*-attempt-1\.log)"/.exec(cellPage)!;
    const text = await readFile(path.join(pages, log), 'utf8');
    const lines = text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(lines.find(({ level }) => level === 'error')).toMatchObject({
      ...{
        experiment: 'smoke',
        cell: 'shapes/t-simcne/rot90/seed-1',
        step: 'train',
        attempt: 1,
        pid: run.child,
      },
      message: expect.stringContaining('SIGKILL'),
    });
    const logs = await readdir(path.join(home, 'logs', 'steps'));
    expect(logs.filter(name => /attempt-2/.test(name))).toHaveLength(1);
    expect(await artifactDigests(home)).toEqual(calm);
  });

  it('a killed server, its owner and the workers are started again, and the run goes on', async () => {
    const home = await newHome();
    const run = await startTraining(home);
    for (const words of ['start-dev', 'owner.js', 'simcne.js worker']) {
      for (const { pid } of processesOf(home, words)) signalIfThere(pid, 'SIGKILL');
    }
    const ended = await run.ended;
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringMatching(/was away and is back/) });
    expect(await artifactDigests(home)).toEqual(calm);
    expect(processesOf(home)).toEqual([]);
  });

  it('a server that stays away ends the run with one clear message; the next run goes on', async () => {
    const home = await newHome();
    const run = await startTraining(home);
    for (const { pid } of processesOf(home, 'owner.js')) process.kill(pid, 'SIGTERM');
    const ended = await run.ended;
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toMatch(/simcne: .*Temporal.*(lost|gone|reach).*run smoke/s);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
    expect(await simcne(home, ...words)).toMatchObject({ code: 0 });
    expect(await artifactDigests(home)).toEqual(calm);
  });

  it('a run interrupted before it began says so, and leaves nothing running', async () => {
    const home = await newHome();
    const run = startSimcne(home, words);
    await until('the server', () => processesOf(home, 'owner.js')[0]);
    run.process.kill('SIGINT');
    const ended = await run.ended;
    expect(ended).toMatchObject({
      code: 130,
      stderr: expect.stringMatching(/^interrupted: .*simcne: interr/s),
    });
    expect(processesOf(home)).toEqual([]);
  });

  it('an interrupted run goes on where it stopped', async () => {
    const home = await newHome();
    const run = await startTraining(home);
    run.process.kill('SIGINT');
    expect(await run.ended).toMatchObject({ code: 130 });
    expect(processesOf(home)).toEqual([]);
    expect(await simcne(home, ...words)).toMatchObject({ code: 0 });
    expect(await artifactDigests(home)).toEqual(calm);
  });
});

const canMount = process.getuid?.() === 0 && process.platform === 'linux';

it.skipIf(!canMount)(
  'a full disk fails the cell with what to do, and leaves no half-made artifact',
  async () => {
    const home = await newHome();
    const store = path.join(home, 'store');
    await mkdir(store);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', store]);
    try {
      const ended = await simcne(home, ...words);
      expect(ended.stderr).toMatch(/no space left/i);
      expect(ended.stderr).toMatch(/SIMCNE_HOME/);
      expect(ended.code).toBe(1);
      const kept = Object.keys(await artifactDigests(home)).map(name => name.split(' ')[0]);
      expect(kept).not.toContain('prepare');
    } finally {
      execFileSync('umount', [store]);
    }
  },
);
