import { expect, it } from 'vitest';
import { timeLeft } from '../../activities/time-left.ts';

it('goes on at the rate so far, and says nothing before there is one', () => {
  let seconds = 0;
  const withTimeLeft = timeLeft(() => 1000 * seconds);
  const at = (second: number, fraction?: number) => {
    seconds = second;
    return withTimeLeft({ text: '', fraction }).secondsLeft;
  };
  expect(at(0)).toBeUndefined();
  expect(at(10, 0.2)).toBeUndefined();
  expect(at(11, 0.3)).toBeUndefined(); // too soon
  expect(at(20, 0.6)).toBeCloseTo(10, 6); // 0.4 in 10 s, 0.4 are left
  expect(at(30, 1)).toBe(0);
});

it('leaves what the step itself says', () => {
  expect(timeLeft()({ text: '', fraction: 0.5, secondsLeft: 7 }).secondsLeft).toBe(7);
});
