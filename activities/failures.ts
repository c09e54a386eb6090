// Which failed attempts are made again: all but those that would end the same, as Temporal itself has it.
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

/** What passes with time: waited for as long as the plan has attempts, an hour and more. */
const passing = [ChildDied, ChildHung, Superseded, StoreUnreachable];
/** Networks and file servers that are away, and what a machine has too little of just now. */
const passingCodes =
  /^(EAGAIN|EBUSY|EIO|EMFILE|ENFILE|ENOLCK|ESTALE|ETIMEDOUT|EPIPE|ECONN.*|EHOST.*|ENET.*|ENOTCONN|EAI_AGAIN|UND_ERR_.*)$/;

/** What would come again, or wants a person: by name, also where a child says so. */
const lasting = new Set([
  ...['NonFiniteLoss', 'DiskFull', 'NotTrained', 'DamagedArtifact', 'MadeElsewhere'],
  ...['Unavailable', 'ChecksumMismatch', 'CannotTakeOver', 'WrongWeights'],
  ...['InvalidDataset', 'InvalidImage', 'InvalidOwnImages', 'InvalidNpy', 'InvalidSafetensors'],
  ...['InvalidPytorchFile', 'InvalidStore', 'NoSuchBucket', 'StoreDenied'],
  ...['AssertionError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'ZodError'], // faults of the code
]);
const lastingCodes = /^(EACCES|EPERM|EROFS|ENOTDIR|EISDIR|ENAMETOOLONG|ERR_.*|MODULE_NOT_FOUND)$/;

/** How often a step is tried, in all. */
const attempts = {
  /** Others may hold the memory now, but not for ever. */
  ofMemory: 3,
  /** Some three minutes: longer than a router takes to start, and the other cells go on. */
  ofSources: 12,
  /** Of what nobody has named: more than a minute. */
  ofOthers: 10,
};
const longWaitMs = 120_000;

/** Whether the next attempt may fare better. */
export function isWorthRetrying(error: Error & { code?: string }, attempt: number): boolean {
  const { name, code = '' } = error;
  if (name === 'OutOfMemory') return attempt < attempts.ofMemory;
  if (name === 'Unavailable' && passingCodes.test(code)) return attempt < attempts.ofSources;
  if (lasting.has(name)) return false;
  if (passing.some(type => error instanceof type) || passingCodes.test(code)) return true;
  return !lastingCodes.test(code) && attempt < attempts.ofOthers;
}

/** How long an attempt waits for its turn, in ms; undefined where it is as the plan says: soon, and then every half minute. */
export function waitBefore(attempt: number): number | undefined {
  return attempt > attempts.ofSources ? longWaitMs : undefined;
}
