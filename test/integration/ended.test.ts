// Runs and cells that somebody ends, by `simcne cancel` or in the Temporal UI: each command says what became of what, and what to type.
import { describe, expect, it, vi } from 'vitest';
import { openTemporal } from '../../infra/temporal-server/embedded-server.ts';
import { openClient } from '../../infra/temporal-server/open-client.ts';
import { simcne, startSimcne } from './command-line.ts';
import { homesOfTests } from './homes.ts';
import { canSeeProcesses, holdNext, processesOf, until } from './processes.ts';

const newHome = homesOfTests();

const [trained, other] = ['shapes/t-simcne/rot90/seed-1', 'shapes/simclr-tsne/rot90/seed-1'];
const both = ['--method', 't-simcne', '--method', 'simclr-tsne'];

/** A run whose first training has begun, and stands still until it is let go on. */
async function holdTraining(home: string, words: string[]) {
  const run = startSimcne(home, words);
  const { release } = await holdNext(home, 'step-child.js train');
  return { run, release };
}

/** Until the other cell's training waits for its turn. */
const untilQueued = (home: string) =>
  until('the other cell', async () => {
    const { cells } = JSON.parse((await simcne(home, 'status', 'smoke', '--json')).stdout);
    return cells.find((cell: { address: string }) => cell.address === other).step === 'train' || undefined;
  });

describe.skipIf(!canSeeProcesses)('ended', () => {
  it('a cell: the others are made, and its run names it', async () => {
    const home = await newHome();
    const { run, release } = await holdTraining(home, ['run', 'smoke', ...both]);
    await untilQueued(home);
    const cancelled = await simcne(home, 'cancel', `smoke/${other}`, '--json');
    expect(cancelled).toMatchObject({ code: 0 });
    expect(JSON.parse(cancelled.stdout)).toEqual({ workflowIds: [`smoke/${other}`], cancelled: true });
    expect(await simcne(home, 'cancel', 'smoke/shapes/resnet18-tsne')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/resnet18-tsne does not run; "simcne status" lists what does/),
    });
    const beside = await simcne(home, 'run', 'smoke', '--method', 'pixels-tsne', '--detach', '--json');
    expect(JSON.parse(beside.stdout)).toMatchObject({ workflowId: 'smoke/run-2' });
    expect(await simcne(home, 'run', 'smoke', ...both, '--force', 'train', '--detach')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(new RegExp(`^simcne: smoke/${trained} is being made now; wait`)),
    });
    release();
    const ended = await run.ended;
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toMatch(
      new RegExp(`^smoke/${other} cancelled: .*is kept; "simcne rerun smoke/${other}" makes it$`, 'm'),
    );
    const { cells } = JSON.parse((await simcne(home, 'status', 'smoke', '--json')).stdout);
    expect(cells.find(({ address }: { address: string }) => address === trained).status).toBe('done');
  });

  it('all runs of an experiment', async () => {
    const home = await newHome();
    const first = await holdTraining(home, ['run', 'smoke', '--method', 't-simcne']);
    const second = startSimcne(home, ['run', 'smoke', ...both]);
    await until('the second run', () => (/Temporal UI/.test(second.output()) ? true : undefined));
    await untilQueued(home);
    const cancel = startSimcne(home, ['cancel', 'smoke', '--json']);
    const saidOf = (id: string) => expect.stringMatching(`run ${id} was cancelled; .*these were not made:`);
    expect(await second.ended).toMatchObject({ code: 1, stderr: saidOf('smoke/run-2') });
    first.release();
    expect(await first.run.ended).toMatchObject({ code: 1, stderr: saidOf('smoke') });
    const { code, stdout } = await cancel.ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ workflowIds: ['smoke', 'smoke/run-2'], cancelled: true });
    expect(processesOf(home)).toEqual([]);
  });

  it('a run that is terminated in the UI', async () => {
    const home = await newHome();
    const words = ['run', 'smoke', '--method', 't-simcne'];
    const { run, release } = await holdTraining(home, words);
    vi.stubEnv('SIMCNE_HOME', home);
    const server = await openTemporal();
    const { client, close } = await openClient(server);
    await client.workflow.getHandle('smoke').terminate('somebody had enough');
    release();
    await close();
    await server.close();
    vi.unstubAllEnvs();
    const ended = await run.ended;
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toMatch(/run smoke was terminated \(somebody had enough\); .*these were not made:/);
    expect(ended.stderr).toMatch(new RegExp(`^  ${trained}: .+$`, 'm'));
    expect(ended.stderr).toContain(`what was made is kept: "simcne ${words.join(' ')}" goes on from there`);
    expect(processesOf(home)).toEqual([]);
    expect(await simcne(home, ...words)).toMatchObject({ code: 0 });
  });
});
