import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startThread } from '../../numeric/thread.ts';

test('a TypeScript module runs on a thread, its imports included, and gets its data', async () => {
  const thread = startThread(new URL('./echo.thread.ts', import.meta.url), { workerData: [3, 4] });
  expect(await once(thread, 'message')).toEqual([12]);
  expect(await once(thread, 'exit')).toEqual([0]);
});
