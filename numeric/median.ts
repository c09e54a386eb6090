// The middle of some numbers.

/** The median; of an even count the upper of the two in the middle. Undefined where there is none. */
export function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
