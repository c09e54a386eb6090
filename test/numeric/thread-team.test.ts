import { expect, test } from 'vitest';
import { runTeam, shared, sharedArray } from '../../numeric/threads/thread-team.ts';

const module = new URL('./squares.thread.js', import.meta.url);
const task = (threads: number) => ({
  squares: sharedArray(Float64Array, 1000),
  sums: sharedArray(Float64Array, threads),
  failing: -1,
  endless: false,
});

test.each([1, 2, 5])('%i threads do each item once, and go on only when all are done', async threads => {
  const work = task(threads);
  await runTeam(module, work, { threads });
  expect(work.squares.every((square, i) => square === i * i)).toBe(true);
  expect([...work.sums]).toEqual(new Array(threads).fill((999 * 1000 * 1999) / 6));
});

test('an error of one thread ends the others, which wait for it, and is thrown', async () => {
  await expect(runTeam(module, { ...task(3), failing: 1 }, { threads: 3 })).rejects.toThrow(
    'a thread failed',
  );
});

test('an abort ends the threads with the signal’s reason', async () => {
  const controller = new AbortController();
  const running = runTeam(module, { ...task(2), endless: true }, { threads: 2, signal: controller.signal });
  setTimeout(() => controller.abort(new Error('enough')), 300);
  await expect(running).rejects.toThrow('enough');
});

test('a team of no threads is refused', async () => {
  await expect(runTeam(module, task(1), { threads: 0 })).rejects.toThrow('1 or more, got 0');
});

test('numbers are copied to shared memory once', () => {
  const values = shared(Uint8Array.of(1, 2, 3));
  expect(values.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect([...values]).toEqual([1, 2, 3]);
  expect(shared(values)).toBe(values);
});
