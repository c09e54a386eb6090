// What `npm start` says before it does anything.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSimcne, temporaryHome } from './command-line.ts';

let place: Awaited<ReturnType<typeof temporaryHome>>;
beforeAll(async () => {
  place = await temporaryHome();
});
afterAll(() => place.remove());

it('says how long all will take on this machine, from a trial of the network that it trains', async () => {
  const start = startSimcne(place.home, ['start']);
  await expect
    .poll(start.output, { timeout: 120_000, interval: 200 })
    .toMatch(/^trying how fast this machine trains\nquick: about \d+ (s|min|h).* on this machine/m);
  expect(start.output()).not.toMatch(/^bloodmnist/m); // nothing was made yet
  start.process.kill('SIGINT');
  await start.ended;
}, 180_000);
