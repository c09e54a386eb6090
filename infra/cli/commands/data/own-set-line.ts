// How images of one's own stand: a line of `data list`.
import { existsSync } from 'node:fs';
import { contentFolder, type OwnSet } from '../../../../activities/own-sets.ts';
import type { DatasetLine } from './fetchables.ts';

/** A set of the store as a line. */
export function ownSetLine(set: OwnSet, store: string): DatasetLine {
  const { name, title, content, n, classes, unlabelled, columns, heights, widths, bytes } = set;
  const folder = contentFolder(store, set);
  const isOneSize = heights[0] === heights[1] && widths[0] === widths[1];
  return {
    name,
    title,
    state: existsSync(folder) ? 'own' : 'lost',
    n,
    classes: classes.map(one => one.name),
    unlabelled,
    columns,
    ...{ group: set.group, copies: set.copies, testedCopies: set.testedCopies },
    imageSize: isOneSize ? [heights[0], widths[0]] : null,
    folder: existsSync(folder) ? folder : null,
    files: [{ name, state: existsSync(folder) ? 'here' : 'lost', sha256: content, bytes }],
  };
}
