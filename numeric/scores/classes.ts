// The classes behind a list of labels: which there are, how large, and who belongs to each.

export interface Classes {
  /** The distinct labels, ascending. */
  readonly labels: Int32Array;
  /** For every class, in the order of `labels`, the positions of its members, ascending. */
  readonly members: readonly Int32Array[];
}

/** Groups the positions 0 … n − 1 by their whole-number labels. */
export function classesOf(labels: ArrayLike<number>): Classes {
  const numbers = new Map<number, number>(); // in the order in which labels are met
  const sizes: number[] = [];
  const own = new Int32Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (label !== (label | 0)) throw new RangeError(`label ${i}: expected a whole number, got ${label}`);
    let number = numbers.get(label);
    if (number === undefined) {
      number = sizes.push(0) - 1;
      numbers.set(label, number);
    }
    own[i] = number;
    sizes[number]++;
  }
  const members = sizes.map(size => new Int32Array(size));
  const filled = new Int32Array(sizes.length);
  for (let i = 0; i < own.length; i++) members[own[i]][filled[own[i]]++] = i;
  const distinct = Int32Array.from(numbers.keys()).sort();
  return { labels: distinct, members: Array.from(distinct, label => members[numbers.get(label)!]) };
}
