import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startThread } from '../../numeric/threads/thread.ts';

test('a TypeScript module runs on a thread as the build made it; an error names the lines of its sources', async () => {
  const source = new URL('../../numeric/scores/silhouette.thread.ts', import.meta.url);
  const thread = startThread(source, { workerData: {} });
  const [error] = await once(thread, 'error');
  expect(error.stack).toMatch(/numeric\/[\w/-]+\.ts:\d+:\d+/);
});
