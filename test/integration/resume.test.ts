// Interrupted trainings, for real: the command that proves on a machine that they end as if nothing had happened.
import { expect, it } from 'vitest';
import { simcne, temporaryHome } from './command-line.ts';

it('verify --resume: killed, paused and moved trainings go on from a checkpoint and end bit-identical', async () => {
  const { home, remove } = await temporaryHome();
  const ended = await simcne(home, 'verify', '--resume', '--json');
  await remove();
  expect(ended).toMatchObject({ code: 0 });
  const { checks, passed, failed } = JSON.parse(ended.stdout);
  expect([passed, failed]).toEqual([3, 0]);
  for (const { resumed } of checks) expect(resumed).toMatch(/going on from epoch \d+, batch \d+/);
  expect(new Set(checks.map((check: { digest: string }) => check.digest)).size).toBe(1);
});
