// What is not taken of a set, counted by reason: all of it is found before anything is refused, so that one message says it.
import { InvalidOwnImages, type LeftOut, quoted } from './own-images.ts';

const mostExamples = 3;

/** Reasons and their places, in the order in which they are met. */
export class Tally {
  readonly #found = new Map<string, { reason: string; count: number; examples: string[] }>();

  add(reason: string, ...places: string[]): void {
    const known = this.#found.get(reason) ?? { reason, count: 0, examples: [] };
    known.count += places.length;
    known.examples.push(...places.slice(0, mostExamples - known.examples.length));
    if (places.length > 0) this.#found.set(reason, known);
  }

  /** Of all reasons together. */
  get count(): number {
    return this.list().reduce((sum, { count }) => sum + count, 0);
  }

  list(): LeftOut[] {
    return [...this.#found.values()];
  }
}

/** `3 cannot be decoded: "a.png", "b.png", "c.png"`. */
export function leftOutText({ reason, count, examples }: LeftOut): string {
  const more = count > examples.length ? ', …' : '';
  return `${count} ${reason}: ${quoted(examples)}${more}`;
}

/**
 * Ends with all troubles in one message, unless they are to be left out and something is left.
 * @throws InvalidOwnImages
 */
export function requireTakable(place: string, troubles: Tally, left: number, leaveOut: boolean): void {
  if (troubles.count === 0 || (leaveOut && left > 0)) return;
  const lines = troubles.list().map(one => `\n  ${leftOutText(one)}`);
  const way = left > 0 ? `\n--leave-out takes the other ${left}` : '\nnothing is left to be taken';
  throw new InvalidOwnImages(place, `looked through, and not all can be taken:${lines.join('')}${way}`);
}
