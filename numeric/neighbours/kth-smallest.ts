// One number of many by its rank, without sorting the others.

/**
 * The `k`-th smallest (1 … count) of the first `count` of `values`, which change places; none may be NaN. Source: Hoare, "Algorithm 65:
 * Find", Communications of the ACM 4, 1961. In linear time on average.
 */
export function kthSmallest(values: Float64Array, count: number, k: number): number {
  const wanted = k - 1;
  let [low, high] = [0, count - 1];
  while (low < high) {
    const pivot = values[wanted];
    let [left, right] = [low, high];
    while (left <= right) {
      while (values[left] < pivot) left++;
      while (values[right] > pivot) right--;
      if (left > right) break;
      const value = values[left];
      values[left++] = values[right];
      values[right--] = value;
    }
    if (right < wanted) low = left;
    if (left > wanted) high = right;
  }
  return values[wanted];
}
