// Claims about failed attempts: each has its own name, and only those whose cause may be gone are made again.
import { describe, expect, it } from 'vitest';
import { DamagedArtifact, isWorthRetrying, waitBefore } from '../../activities/failures.ts';
import { explainMemoryError, memoryWords, OutOfMemory } from '../../activities/out-of-memory.ts';
import { ChildDied, ChildHung, StepFailed } from '../../activities/run-child.ts';
import { Superseded } from '../../artifacts/bucket/lease.ts';
import { StoreUnreachable } from '../../artifacts/bucket/object-store-errors.ts';
import { explainWriteError } from '../../artifacts/durable.ts';

const told = (name: string, code?: string) => new StepFailed(name, 'said the child', undefined, code);

describe('isWorthRetrying', () => {
  it.each([new ChildDied('d'), new ChildHung('h'), new Superseded('s')])('%s is made again', error => {
    expect(isWorthRetrying(error, 40)).toBe(true);
  });

  it.each([
    new DamagedArtifact('train', '0'.repeat(64)),
    told('NonFiniteLoss'),
    told('DiskFull'),
    told('ChecksumMismatch'),
    told('Unavailable'),
    new TypeError('a fault of the code'),
    told('Error', 'EACCES'),
  ])('%s is not', error => {
    expect(isWorthRetrying(error, 1)).toBe(false);
  });

  it.each(['EMFILE', 'ESTALE', 'EIO', 'ECONNRESET', 'ENETUNREACH'])('%s is, whoever met it', code => {
    for (const error of [told('Error', code), Object.assign(new Error('read'), { code })]) {
      expect(isWorthRetrying(error, 49)).toBe(true);
    }
  });

  it('a network that is away, and what nobody has named, are tried for longer than a minute, and not for ever', () => {
    for (const error of [told('Unavailable', 'EAGAIN'), told('Error')]) {
      const tries = Array.from({ length: 50 }, (_, i) => i + 1).filter(n => isWorthRetrying(error, n));
      const waits = tries.map(n => waitBefore(n + 1) ?? 1_000 * Math.min(30, 1.5 ** (n - 1))); // workflows/activities.ts
      expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(60_000);
      expect(tries.length).toBeLessThan(20);
    }
  });

  it('a store that is away is waited for more than an hour', () => {
    const tries = Array.from({ length: 49 }, (_, i) => i + 1);
    expect(tries.every(n => isWorthRetrying(new StoreUnreachable('s'), n))).toBe(true);
    const waits = tries.map(n => waitBefore(n + 1) ?? 1_000 * Math.min(30, 1.5 ** (n - 1)));
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(3_600_000);
  });

  it('too little memory is tried three times, whoever noticed it', () => {
    for (const error of [new OutOfMemory('killed'), told('OutOfMemory')]) {
      expect([1, 2, 3].map(attempt => isWorthRetrying(error, attempt))).toEqual([true, true, false]);
    }
  });
});

describe('too little memory is recognised', () => {
  it.each([
    new Error('OOM when allocating tensor with shape[512,64,28,28] and type float on /GPU:0'),
    new RangeError('Array buffer allocation failed'),
    Object.assign(new Error('Worker terminated'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }),
  ])('in %s', error => {
    expect(explainMemoryError(error)).toBeInstanceOf(OutOfMemory);
  });

  it('in the last words of a process that Node aborted', () => {
    const words =
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n 1: 0xb8ced1';
    expect(memoryWords(words)).toMatch(/heap out of memory/);
    expect(memoryWords('Segmentation fault')).toBeUndefined();
  });

  it('and nothing else is taken for it', () => {
    const error = new Error('npy: the file is cut off');
    expect(explainMemoryError(error)).toBe(error);
  });
});

it('a full disk is named by what was written and by the way out', () => {
  const error = explainWriteError(Object.assign(new Error('write'), { code: 'ENOSPC' }), '/store/x');
  expect(error).toMatchObject({
    name: 'DiskFull',
    message: expect.stringMatching(/\/store\/x.*SIMCNE_HOME/),
  });
});
