// How each cell of an experiment stands: one small file a cell, pointing at the artifacts that it was made of.
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { filesIn, ignoreMissing, isOurs, writeWhole } from './durable.ts';
import { openSealedJson, sealedJson } from './sealed-json.ts';

export const StepRecord = z.object({
  step: z.string(),
  key: z.string(),
  digest: z.string(),
  reused: z.boolean(),
  seconds: z.number(),
});
export type StepRecord = z.infer<typeof StepRecord>;

/** How often a cell found a step's artifact in the store, and what making it had taken, in all. */
export const StepHits = z.object({ step: z.string(), hits: z.number(), seconds: z.number() });
export type StepHits = z.infer<typeof StepHits>;

export const CellRecord = z.object({
  experiment: z.string(),
  address: z.string(),
  status: z.enum(['done', 'failed', 'unavailable']),
  /** Why it failed or cannot be made; in full sentences. */
  reason: z.string().optional(),
  /** The step that failed, its error's name, and the last lines of its log. */
  failure: z
    .object({ step: z.string(), name: z.string(), lines: z.array(z.string()), log: z.string() })
    .optional(),
  /** Share of the test part whose class is predicted, 0 … 1. */
  knn: z.number().optional(),
  silhouette: z.number().optional(),
  steps: z.array(StepRecord),
  /** Of the runs before this one, and of those since that found all of the cell. */
  earlierHits: z.array(StepHits).optional(),
  /** The run that found all of the cell last. */
  foundBy: z.string().optional(),
  workflowId: z.string(),
  runId: z.string(),
  finishedAt: z.string(),
});
export type CellRecord = z.infer<typeof CellRecord>;

/** Writes the record of a cell, in place of an earlier one, whose hits are added up. */
export async function keepCellRecord(store: string, record: Omit<CellRecord, 'earlierHits'>): Promise<void> {
  const { experiment, address } = record;
  const earlierHits = hitsBefore(record.runId, await readCellRecord(store, experiment, address));
  await writeWhole(recordFile(store, experiment, address), sealedJson({ ...record, earlierHits }));
}

/** Counts that a run, of that id, found all that a record names: each run once. Nothing else of the record changes. */
export async function keepHits(store: string, record: CellRecord, runId: string): Promise<void> {
  const { experiment, address, earlierHits = [], steps, foundBy } = record;
  if (foundBy === runId) return;
  const found = { ...record, earlierHits: withHits(earlierHits, steps), foundBy: runId };
  await writeWhole(recordFile(store, experiment, address), sealedJson(found));
}

/** All hits of a cell's runs before the run: its record may be written twice. */
function hitsBefore(runId: string, former: CellRecord | undefined): StepHits[] {
  const { earlierHits = [], steps = [] } = former ?? {};
  if (former?.runId === runId) return earlierHits;
  return withHits(
    earlierHits,
    steps.filter(({ reused }) => reused),
  );
}

function withHits(earlier: readonly StepHits[], steps: readonly StepRecord[]): StepHits[] {
  const hits = new Map(earlier.map(one => [one.step, one]));
  for (const { step, seconds } of steps) {
    const known = hits.get(step) ?? { step, hits: 0, seconds: 0 };
    hits.set(step, { step, hits: known.hits + 1, seconds: known.seconds + seconds });
  }
  return [...hits.values()];
}

/** The record of a cell; undefined if it was never made, or its file is damaged. */
export function readCellRecord(
  store: string,
  experiment: string,
  address: string,
): Promise<CellRecord | undefined> {
  return readRecord(recordFile(store, experiment, address));
}

async function readRecord(file: string): Promise<CellRecord | undefined> {
  const text = await readFile(file, 'utf8').catch(ignoreMissing);
  if (text === undefined) return undefined;
  try {
    return CellRecord.parse(openSealedJson(text));
  } catch {
    return undefined;
  }
}

/** Removes the records of all cells of a data set, in every experiment. */
export async function removeCellRecords(store: string, dataset: string): Promise<void> {
  for (const experiment of await recordedExperiments(store)) {
    const folder = path.join(store, 'cells', experiment);
    const names = await filesIn(folder, '.json');
    for (const name of names.filter(name => name.startsWith(`${dataset}~`)))
      await rm(path.join(folder, name), { force: true });
  }
}

/** Names of the experiments of which a cell was made. */
export async function recordedExperiments(store: string): Promise<string[]> {
  const names = (await readdir(path.join(store, 'cells')).catch(ignoreMissing)) ?? [];
  return names.filter(isOurs);
}

/** The records of an experiment's cells, by their addresses' order; damaged ones are left out. */
export async function cellRecords(store: string, experiment: string): Promise<CellRecord[]> {
  const folder = path.join(store, 'cells', experiment);
  const names = await filesIn(folder, '.json');
  const records = await Promise.all(names.map(name => readRecord(path.join(folder, name))));
  return records.filter(record => record !== undefined);
}

/** The keys of all artifacts that records of cells name. */
export async function recordedKeys(store: string): Promise<string[]> {
  const keys: string[] = [];
  for (const experiment of await recordedExperiments(store)) {
    for (const { steps } of await cellRecords(store, experiment)) keys.push(...steps.map(({ key }) => key));
  }
  return keys;
}

/** Where the record of a cell lies in a store's folder. */
export function cellRecordPlace(experiment: string, address: string): string {
  return `cells/${experiment}/${address.replaceAll('/', '~')}.json`;
}

function recordFile(store: string, experiment: string, address: string): string {
  return path.join(store, cellRecordPlace(experiment, address));
}
