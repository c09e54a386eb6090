import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startThread } from '../../numeric/thread.ts';

test('a TypeScript module runs on a thread, its imports included, and gets its data', async () => {
  const thread = startThread(new URL('./echo.thread.ts', import.meta.url), { workerData: [3, 4] });
  expect(await once(thread, 'message')).toEqual([12]);
  expect(await once(thread, 'exit')).toEqual([0]);
});

const folder = new URL('../../node_modules/.cache/simcne-thread-test/', import.meta.url);

/** Writes modules, and gives what the thread `answer.thread.ts` says. */
async function answer(modules: Record<string, string>): Promise<unknown> {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(modules)) writeFileSync(new URL(name, folder), text);
  const thread = startThread(new URL('answer.thread.ts', folder));
  const [said] = await once(thread, 'message');
  await thread.terminate();
  return said;
}

const asking = "import { parentPort } from 'node:worker_threads';\nimport { value } from './value.ts';\n";

test('a thread runs what its modules say now, and each knows its place', async () => {
  const thread = `${asking}parentPort!.postMessage(value satisfies unknown);`;
  const first = 'export const value: number = 1;';
  expect(await answer({ 'answer.thread.ts': thread, 'value.ts': first })).toBe(1);
  expect(await answer({ 'value.ts': first.replace('1', '2') })).toBe(2);
  expect(await answer({ 'value.ts': 'export const value = import.meta.url;' })).toBe(
    new URL('value.ts', folder).href,
  );
});

test('an error names the lines of the sources', async () => {
  const failing = `${asking}try {\n  value();\n} catch (error) {\n  parentPort!.postMessage((error as Error).stack);\n}`;
  const value = 'interface Unused {\n  one: 1;\n}\nexport function value() {\n  throw new Error("wrong");\n}';
  const stack = await answer({ 'answer.thread.ts': failing, 'value.ts': value });
  expect(stack).toContain('simcne-thread-test/value.ts:5:9)');
  expect(stack).toContain('simcne-thread-test/answer.thread.ts:4:3)');
});
