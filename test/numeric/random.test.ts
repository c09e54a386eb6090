import { expect, test } from 'vitest';
import { Random } from '../../numeric/random.ts';

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.uniform());

test('a seed gives the same stream each time, another seed another', () => {
  expect(draw(new Random(1), 5)).toEqual(draw(new Random(1), 5));
  expect(draw(new Random(1), 5)).not.toEqual(draw(new Random(2), 5));
});

test('a fork depends on its name only, not on how much was drawn before', () => {
  const [fresh, used] = [new Random(3), new Random(3)];
  draw(used, 100);
  expect(draw(used.fork('augment', 7), 5)).toEqual(draw(fresh.fork('augment', 7), 5));
  expect(draw(fresh.fork('a').fork('b'), 5)).toEqual(draw(fresh.fork('a', 'b'), 5));
});

test('forks of different names differ, also a number from its digits', () => {
  const random = new Random(0);
  const streams = [
    random,
    random.fork(1),
    random.fork('1'),
    random.fork('1', ''),
    random.fork(1, 0),
    random.fork('a', 'b'),
  ];
  expect(new Set(streams.map(stream => stream.bits())).size).toBe(streams.length);
});

test('uniform numbers have mean 1/2, variance 1/12, and neighbours do not correlate', () => {
  const values = draw(new Random(4), 100_000);
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  const lagged =
    values.slice(1).reduce((sum, v, i) => sum + (v - mean) * (values[i] - mean), 0) /
    values.length /
    variance;
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / 1e5));
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.0015);
  expect(Math.abs(lagged)).toBeLessThan(5 / Math.sqrt(1e5));
  expect(Math.min(...values.slice(0, 1000))).toBeGreaterThanOrEqual(0);
});

test('normal numbers have mean 0, variance 1, kurtosis 3', () => {
  const random = new Random(5);
  const values = Array.from({ length: 100_000 }, () => random.normal());
  const moment = (k: number) => values.reduce((sum, v) => sum + v ** k, 0) / values.length;
  expect(Math.abs(moment(1))).toBeLessThan(0.016);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.025);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.16);
});

test('whole numbers are even over 0 … bound − 1, and chances come true as often as they should', () => {
  const random = new Random(6);
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i++) counts[random.integer(7)]++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  const hits = Array.from({ length: 10_000 }, () => random.chance(0.2)).filter(Boolean).length;
  expect(Math.abs(hits - 2000)).toBeLessThan(200);
});

test('a permutation holds every number once, and each number comes to each place alike', () => {
  const counts = new Array<number>(16).fill(0);
  for (let seed = 0; seed < 8000; seed++) {
    const order = new Random(seed).permutation(4);
    expect([...order].sort()).toEqual([0, 1, 2, 3]);
    order.forEach((value, place) => {
      counts[4 * place + value]++;
    });
  }
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
});
