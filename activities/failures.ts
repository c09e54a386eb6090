// Which failed attempts are made again: those whose cause may be gone by then.
import { Superseded } from '../artifacts/bucket/lease.ts';
import { StoreUnreachable } from '../artifacts/bucket/object-store-errors.ts';
import type { StepName } from '../experiments/steps.ts';
import { ChildDied, ChildHung } from './run-child.ts';

/** What a step reads was damaged or removed since it was made: the cell makes it again. */
export class DamagedArtifact extends Error {
  override name = 'DamagedArtifact';

  constructor(step: StepName, key: string) {
    super(`the artifact ${key.slice(0, 12)} of step ${step} was damaged or removed after it was made`);
  }
}

/** Another run makes the very artifact now: its end is waited for in the plan. */
export class MadeElsewhere extends Error {
  override name = 'MadeElsewhere';
}

const passing = [ChildDied, ChildHung, Superseded, StoreUnreachable];
const memoryAttempts = 3; // others may hold the memory now, but not for ever

/**
 * Whether the next attempt may fare better. All else (a loss that is not finite, a full disk, a wrong checksum, bad input)
 * would come again, or wants a person.
 */
export function isWorthRetrying(error: Error, attempt: number): boolean {
  if (error.name === 'OutOfMemory') return attempt < memoryAttempts; // also where the child says so
  return passing.some(type => error instanceof type);
}
