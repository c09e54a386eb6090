// Who may start the workers of a home: one command, also where several start in the same moment.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { liveLeases, takeOnlyLease } from '../../infra/temporal-server/leases.ts';
import { temporaryFolder } from '../datasets/temporary-folder.ts';

const starter = fileURLToPath(new URL('../typescript-start.js', import.meta.url));
const taker = new URL('./lease-taker.ts', import.meta.url).href;

test('of two processes that take the only lease in the same moment, one gets it', async () => {
  const folder = temporaryFolder();
  const folders = Array.from({ length: 40 }, (_, round) => path.join(folder, String(round)));
  const first = String(Date.now() + 2_000);
  const processes = [0, 1].map(() =>
    spawn(process.execPath, [starter, taker, first, ...folders], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const got = await Promise.all(
    processes.map(async ({ stdout }) => JSON.parse(String((await once(stdout, 'data'))[0])) as boolean[]),
  );
  expect(folders.map((_, round) => got.filter(one => one[round]).length)).toEqual(folders.map(() => 1));
  const ended = processes.map(one => once(one, 'exit'));
  for (const one of processes) one.stdin.end();
  await Promise.all(ended);
  expect(liveLeases(folders[0])).toBe(0);
  const release = await takeOnlyLease(folders[0]);
  expect(await takeOnlyLease(folders[0])).toBeUndefined();
  release?.();
  expect(await takeOnlyLease(folders[0])).toBeDefined();
});
