// How much workers do at once: by the stated rule, and as the command line says.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { capacityOf, coresOfQuota, resources } from '../../infra/workers/capacity.ts';
import { simcne, temporaryHome } from '../integration/command-line.ts';

const gibibyte = 2 ** 30;
let place: Awaited<ReturnType<typeof temporaryHome>>;
beforeAll(async () => {
  place = await temporaryHome();
});
afterAll(() => place.remove());

test.each([
  { cores: 1, gib: 24, cpu: [2, 1] },
  { cores: 2, gib: 24, cpu: [2, 2] },
  { cores: 8, gib: 32, cpu: [4, 4] },
  { cores: 64, gib: 256, cpu: [32, 4] },
  { cores: 64, gib: 16, cpu: [4, 32] },
  { cores: 4, gib: 1, cpu: [1, 4] },
])(
  '$cores cores, $gib GiB: $cpu steps and threads in each lane, one training on all',
  ({ cores, gib, cpu }) => {
    const has = { cores, memoryBytes: gib * gibibyte };
    const [slots, threads] = cpu;
    expect(capacityOf('cpu', {}, has)).toEqual({ slots, threads });
    expect(capacityOf('train', {}, has)).toEqual({ slots: 1, threads: cores });
    expect(2 * slots * threads).toBeLessThanOrEqual(4 * Math.max(2, cores));
  },
);

test('what is asked for counts; more slots leave fewer threads to each step', () => {
  const has = { cores: 8, memoryBytes: gibibyte };
  expect(capacityOf('cpu', { slots: 16 }, has)).toEqual({ slots: 16, threads: 1 });
  expect(capacityOf('train', { slots: 4 }, has)).toEqual({ slots: 4, threads: 4 });
  expect(capacityOf('cpu', { threads: 5 }, has)).toEqual({ slots: 1, threads: 5 });
});

test('a container’s quota counts, in whole cores; without one, and here, there is something to work with', () => {
  expect(coresOfQuota('250000 100000\n')).toBe(2);
  expect(coresOfQuota('50000 100000\n')).toBe(1);
  expect(coresOfQuota('max 100000\n')).toBe(Number.POSITIVE_INFINITY);
  expect(coresOfQuota('')).toBe(Number.POSITIVE_INFINITY);
  const { cores, memoryBytes } = resources();
  expect([Number.isInteger(cores), cores >= 1, memoryBytes < 2 ** 50]).toEqual([true, true, true]);
});

test.each([
  ['cpu', '--slots', '0', '--slots "0" must be a whole number of at least 1 and at most 1024'],
  ['train', '--threads', '1.5', '--threads "1.5" must be a whole number of at least 1 and at most 1024'],
  ['cpu', '--threads', '5000', '--threads "5000" must be'],
  ['workflows', '--slots', '2', 'does no steps'],
])('worker --queue %s %s %s is refused before any work', async (queue, option, value, message) => {
  expect(await simcne(place.home, 'worker', '--queue', queue, option, value)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(message),
  });
});
