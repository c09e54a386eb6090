// The short form of the chaos test: a few kills, and the same digests as in a calm run. The long form: long-form.ts.
import { describe, expect, it } from 'vitest';
import { Random } from '../../numeric/random.ts';
import { artifactDigests } from '../integration/artifact-digests.ts';
import { simcne } from '../integration/command-line.ts';
import { homesOfTests } from '../integration/homes.ts';
import { canSeeProcesses, processesOf } from '../integration/processes.ts';
import { chaos } from './chaos.ts';

const newHome = homesOfTests();

describe.skipIf(!canSeeProcesses)('chaos', () => {
  it('children, servers and command lines killed at random: the end is bit-identical to a calm run, and nothing is left running', async () => {
    const words = ['run', 'smoke', '--method', 't-simcne', '--method', 'pixels-tsne'];
    const calm = await newHome();
    expect(await simcne(calm, ...words)).toMatchObject({ code: 0 });
    const home = await newHome();
    const among = ['child', 'child', 'server', 'command line'] as const;
    const outcome = await chaos({ home, words, among, kills: 4, pauseSeconds: 1, random: new Random(10) });
    expect(outcome.kills).toEqual({ child: 2, server: 1, 'command line': 1 }); // as the seed draws them
    const { ledger } = JSON.parse((await simcne(home, 'status', 'smoke', '--json')).stdout);
    expect(ledger[0].steps.at(-1).lostSeconds).toBeGreaterThan(0);
    expect(await artifactDigests(home)).toEqual(await artifactDigests(calm));
    expect(processesOf(home)).toEqual([]);
  });
});
