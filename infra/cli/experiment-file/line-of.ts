// The line of a file that a setting stands on.
import { type Document, isAlias, isMap, isSeq, type LineCounter, type Node, type Pair } from 'yaml';
import type { Fault } from './faults.ts';

/** The line of a setting; of one that is missing, that of what it is missing in. */
export function lineOf(document: Document.Parsed, lines: LineCounter, { path, isKey }: Fault): number {
  let node: unknown = document.contents;
  let start = startOf(node) ?? 0;
  path.forEach((step, depth) => {
    const here = isAlias(node) ? node.resolve(document) : node;
    const pair = isMap(here) ? here.items.find(({ key }) => nameOf(key) === String(step)) : undefined;
    node = pair ? pair.value : isSeq(here) && typeof step === 'number' ? here.items[step] : undefined;
    const isLast = depth === path.length - 1;
    start = (isKey && isLast ? startOf(pair?.key) : (startOf(node) ?? startOf(pair?.key))) ?? start;
  });
  return Math.max(lines.linePos(start).line, 1);
}

const nameOf = (key: unknown) => String((key as { value?: unknown } | null)?.value ?? '');

function startOf(node: unknown): number | undefined {
  return (node as Node | Pair | null | undefined as Node)?.range?.[0];
}
