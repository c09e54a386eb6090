// The classes behind a list of labels: which there are, how large, and who belongs to each.

export interface Classes {
  /** The distinct labels, ascending. */
  readonly labels: Int32Array;
  /** For every class, in the order of `labels`, the positions of its members, ascending. */
  readonly members: readonly Int32Array[];
}

/** Groups the positions 0 … n − 1 by their whole-number labels. */
export function classesOf(labels: ArrayLike<number>): Classes {
  const members = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (label !== (label | 0)) throw new RangeError(`label ${i}: expected a whole number, got ${label}`);
    const group = members.get(label);
    if (group) group.push(i);
    else members.set(label, [i]);
  }
  const distinct = Int32Array.from(members.keys()).sort();
  return {
    labels: distinct,
    members: Array.from(distinct, label => new Int32Array(members.get(label)!)),
  };
}
