// How far chance alone moves a mean: the percentile bootstrap (Efron & Tibshirani, 1993, chapter 13), over groups that stay together.
import type { Random } from '../random.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The interval in which 95 % of the means lie of as many groups, drawn with replacement.
 * @param values `[n]`, of single items
 * @param groups `[n]`, which items are drawn together; each by itself where it is left out
 */
export function meanInterval(
  values: ArrayLike<number>,
  random: Random,
  { groups, draws = 2_000 }: { groups?: ArrayLike<number>; draws?: number } = {},
): Interval {
  const { sums, counts } = groupSums(values, groups);
  const means = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    let [sum, count] = [0, 0];
    for (let i = 0; i < sums.length; i++) {
      const group = random.integer(sums.length);
      sum += sums[group];
      count += counts[group];
    }
    means[draw] = sum / count;
  }
  means.sort();
  const at = (share: number) => means[Math.round(share * (draws - 1))];
  return { low: at(0.025), high: at(0.975) };
}

function groupSums(values: ArrayLike<number>, groups: ArrayLike<number> | undefined) {
  const places = new Map<number, number>();
  const [sums, counts]: [number[], number[]] = [[], []];
  for (let i = 0; i < values.length; i++) {
    const group = groups?.[i] ?? i;
    const place = places.get(group) ?? places.size;
    places.set(group, place);
    sums[place] = (sums[place] ?? 0) + values[i];
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return { sums, counts };
}
