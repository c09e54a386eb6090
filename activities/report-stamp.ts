// What a report was made of: while that is the same, it is left alone.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { cellRecords } from '../artifacts/cell-record.ts';
import { ignoreMissing, writeWhole } from '../artifacts/durable.ts';
import type { ResultSource } from './experiment-result.ts';

const stampFile = 'made-of.txt';

/**
 * Names the records of an experiment's cells, the code, and the definition of one from a file; not how often cells were found in the store, nor where the Temporal
 * UI is, which `serve` corrects.
 */
export async function reportStamp(
  { store, codeVersion }: Pick<ResultSource, 'store' | 'codeVersion'>,
  experiment: string,
  definition?: string,
): Promise<string> {
  const records = await cellRecords(store.folder, experiment);
  const content = records.map(record => ({ ...record, earlierHits: undefined, foundBy: undefined }));
  return createHash('sha256')
    .update(JSON.stringify([codeVersion, content, definition]))
    .digest('hex');
}

/** Whether the report in `folder` was made of that. */
export async function isMadeOf(folder: string, stamp: string): Promise<boolean> {
  const known = await readFile(path.join(folder, stampFile), 'utf8').catch(ignoreMissing);
  const page = await stat(path.join(folder, 'index.html')).catch(ignoreMissing);
  return known === stamp && page !== undefined;
}

export async function noteMadeOf(folder: string, stamp: string): Promise<void> {
  await writeWhole(path.join(folder, stampFile), stamp);
}
