// What stands behind `simcne serve`, part by part: how often it looks, and how long it says that all still takes.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Forecast } from '../../activities/forecast.ts';
import { cellsOf } from '../../experiments/experiment.ts';
import { smoke } from '../../experiments/smoke.ts';
import { openLiveFeed } from '../../infra/serving/live-feed.ts';
import { secondsLeft } from '../../infra/serving/time-left.ts';
import type { LiveCell, LiveState } from '../../reports/live/live-state.ts';

it('looks once however many pages listen, tells what is new only, and never looks where nobody listens', async () => {
  let looks = 0;
  const look = async () => {
    looks += 1;
    return { experiment: 'smoke', at: `${looks}`, cells: [] } as unknown as LiveState;
  };
  const feed = openLiveFeed(look, () => {});
  const server = createServer((_, response) => feed.send('smoke', response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const began = performance.now();
  const pages = Array.from({ length: 20 }, () => new AbortController());
  const texts = await Promise.all(
    pages.map(async ({ signal }) => {
      const response = await fetch(`http://127.0.0.1:${port}/`, { signal });
      const text = { events: '' };
      void (async () => {
        for await (const piece of response.body!) text.events += new TextDecoder().decode(piece);
      })().catch(() => {}); // ends with the page
      return text;
    }),
  );
  await expect.poll(() => looks).toBeGreaterThanOrEqual(3);
  expect(looks).toBeLessThanOrEqual(1 + (performance.now() - began) / 1_000); // one a second
  for (const text of texts) await expect.poll(() => text.events).toContain('data: ');
  for (const { events } of texts) expect(events.match(/^data: /gm)).toHaveLength(1); // nothing changed but the clock
  for (const page of pages) page.abort();
  await sleep(1_500);
  const before = looks;
  await sleep(2_500);
  expect(looks).toBe(before);
  feed.close();
  server.close();
});

it('adds up what is left: shared work once, trainings shared by those who train, at the pace of what runs', () => {
  const [tsimcne, simclr, pixels] = cellsOf(smoke);
  const costs: Record<string, number> = { fetch: 1, prepare: 2, train: 100, embed: 5, tsne: 30, score: 3 };
  const forecast: Forecast = {
    seconds: (_, { step }) => costs[step],
    hasSeen: () => true,
    madeBefore: () => 1,
    isTried: () => false,
  };
  const live = (state: Partial<LiveCell>) =>
    ({ address: '', steps: [], status: 'waiting', ...state }) as LiveCell;
  const left = (...states: Partial<LiveCell>[]) =>
    secondsLeft(
      states.map((state, i) => ({ cell: [tsimcne, simclr, pixels][i], live: live(state) })),
      forecast,
    );
  expect(left({ status: 'done' }, { status: 'done' })).toBeUndefined(); // nothing runs
  const training = { status: 'running', step: 'train', fraction: 0.6, secondsLeft: 40 } as const;
  expect(left(training)).toBe(48); // train 40, then embed 5 and score 3
  expect(left(training, { status: 'queued', step: 'train' })).toBe(186); // train 100, embed 5, t-SNE 30, score 3 of the other
  expect(left({ ...training, secondsLeft: 80 }, { status: 'queued', step: 'train' })).toBe(326); // takes twice as long, so will the other
  expect(left(training, training)).toBe(86); // two workers: 40, and embed 5, t-SNE 30, score 3, embed 5, score 3
  expect(left({ ...training, secondsLeft: undefined, fraction: 0.5 })).toBe(58);
  expect(left({ status: 'done' }, { status: 'done' }, { status: 'running', step: 'prepare' })).toBe(33); // made by the others
  expect(left({}, {}, {})).toBe(282); // fetch 1 and prepare 2 once
});
