// The attempts behind an experiment's cells, for its ledger of time.
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { type AttemptRecord, cellOf, experimentOf, readAttempts } from '../artifacts/attempt-record.ts';
import type { AttemptResult } from '../reports/result.ts';

/** An attempt that has not been heard of for so long is dead, though nobody could say so. (It beats every two seconds.) */
const silentMs = 60_000;

/** An experiment's attempts, and those of others at the same artifacts or at those of `keys`, in the order in which they began. */
export async function experimentAttempts(
  store: string,
  experiment: string,
  keys: Iterable<string>,
  now = Date.now(),
): Promise<AttemptResult[]> {
  const records = await readAttempts(store, experiment, keys);
  const newest = new Map(records.map(record => [record.key, record]));
  return records.map(record => attemptResult(record, newest.get(record.key) === record, now));
}

function attemptResult(record: AttemptRecord, isNewest: boolean, now: number): AttemptResult {
  const { workflowId: _, runId: __, startedAt, seconds, outcome, error, ...rest } = record;
  const seenMs = Date.parse(startedAt) + 1000 * seconds;
  const isDead = outcome === 'running' && !(isNewest && now - seenMs < silentMs);
  return {
    ...rest,
    experiment: experimentOf(record),
    cell: cellOf(record),
    startedAt,
    seconds,
    outcome: isDead ? 'interrupted' : outcome,
    error: isDead ? 'WorkerLost' : error,
    hasLog: record.machine === hostname() && path.extname(record.log) === '.log' && existsSync(record.log),
  };
}
