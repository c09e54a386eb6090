// A run in the background: seen by status, paused and resumed, followed by another command, and not ended when that one is interrupted.
import { existsSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simcne, startSimcne, temporaryHome } from './command-line.ts';
import { canSeeProcesses, holdNext, processesOf, until } from './processes.ts';

const niceness = 1;
let place: Awaited<ReturnType<typeof temporaryHome>>;
beforeAll(async () => {
  place = await temporaryHome();
  setPriority(niceness); // of this process, and of what it starts
});
afterAll(() => place.remove());

/** Steps whose sessions are as nice as the command was. */
function niceSteps(home: string) {
  return processesOf(home, 'step-child.js').filter(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/autogroup`, 'utf8').endsWith(` nice ${niceness}\n`);
    } catch {
      return false; // gone meanwhile
    }
  });
}

describe.skipIf(!canSeeProcesses)('run --detach', () => {
  it('stands still while it is paused, goes on when a command that follows it is interrupted, and ends by itself', async () => {
    const { home } = place;
    const words = ['run', 'smoke', '--method', 't-simcne', '--method', 'pixels-tsne'];
    const detached = await simcne(home, ...words, '--detach', '--json');
    expect(detached).toMatchObject({ code: 0 });
    const { pid, workflowId } = JSON.parse(detached.stdout);
    expect(workflowId).toBe('smoke');

    const held = await holdNext(home, 'step-child.js train');
    if (existsSync('/proc/self/autogroup')) await until('a nice step', () => niceSteps(home)[0]);
    const pausing = simcne(home, 'pause', 'smoke', '--json');
    await held.releaseOnceToldToEnd();
    const paused = await pausing;
    expect(JSON.parse(paused.stdout).paused).toContainEqual(expect.stringMatching(/^smoke.*: [a-z]+$/));
    expect(processesOf(home, 'step-child.js')).toEqual([]);

    const follower = startSimcne(home, [...words, '--json']);
    await until('the follower', () => (/following it/.test(follower.output()) ? true : undefined));
    follower.process.kill('SIGINT');
    const ended = await follower.ended;
    expect(ended).toMatchObject({ code: 130 });
    expect(ended.stderr).toMatch(/the run itself goes on/);
    expect(processesOf(home).map(process => process.pid)).toContain(pid);

    const statuses = async (): Promise<{ address: string; status: string; detail: string }[]> =>
      JSON.parse((await simcne(home, 'status', 'smoke', '--json')).stdout).cells;
    const cells = await statuses();
    const training = cells.find(cell => cell.address.includes('t-simcne'));
    expect(training).toMatchObject({ status: 'queued', detail: expect.stringMatching(/: paused/) });
    expect(processesOf(home, 'step-child.js')).toEqual([]);
    expect(await simcne(home, 'resume', 'smoke')).toMatchObject({ code: 0 });
    const again = await holdNext(home, 'step-child.js train');
    expect((await statuses()).filter(({ status }) => status === 'running')).not.toEqual([]);
    again.release();
    const others = cells.filter(cell => !/t-simcne|pixels/.test(cell.address));
    expect(others.map(cell => cell.status)).toEqual(['missing', 'missing']); // not asked for
    await until('its end', () => (processesOf(home).length === 0 ? true : undefined), 240_000);
    const table = JSON.parse((await simcne(home, 'table', 'smoke', '--json')).stdout);
    const done = table.rows.filter((row: { status: string }) => row.status === 'done');
    expect(done.map((row: { method: string }) => row.method)).toEqual(['t-simcne', 'pixels-tsne']);
  });
});
