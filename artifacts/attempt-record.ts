// What every attempt at a step did, and how it ended: a small file each, kept up to date while the attempt goes on, since whoever
// is killed cannot say what was lost. Nobody writes another's file, so attempts on several machines need not know of each other.
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { filesIn, ignoreMissing, writeWhole } from './durable.ts';
import { openSealedJson, sealedJson } from './sealed-json.ts';

export const AttemptRecord = z.object({
  /** Of the artifact that it is to make. */
  key: z.string(),
  step: z.string(),
  /** `<experiment>/<address>` of the cell that asked for it. */
  workflowId: z.string(),
  runId: z.string(),
  /** As Temporal counts them, from 1, in each run. */
  attempt: z.number(),
  machine: z.string(),
  startedAt: z.string(),
  /** From then to its end, or its last sign of life. */
  seconds: z.number(),
  /**
   * `running` stays where its worker died. `discarded`: another made the same first. `interrupted`: a next attempt may fare better;
   * `failed`: it would end the same.
   */
  outcome: z.enum(['running', 'made', 'discarded', 'cancelled', 'interrupted', 'failed']),
  /** Name of the error that ended it. */
  error: z.string().optional(),
  /** The checkpoint it went on from; null where there was none; nothing where it never came so far. */
  wentOnFrom: z.string().nullable().optional(),
  /** The last ones that it wrote, and when: seconds after its start. */
  checkpoints: z.array(z.object({ name: z.string(), seconds: z.number() })),
  log: z.string(),
});
export type AttemptRecord = z.infer<typeof AttemptRecord>;

/** What is known of an attempt when it begins. */
export type AttemptBeginning = Pick<
  AttemptRecord,
  'key' | 'step' | 'workflowId' | 'runId' | 'attempt' | 'machine' | 'log'
>;

export interface OpenAttempt {
  /** Where the record lies in the store's folder. */
  readonly place: string;
  /** It lives. */
  beat(): void;
  wentOnFrom(checkpoint: string | null): void;
  wrote(checkpoint: string): void;
  end(outcome: AttemptRecord['outcome'], error?: string): Promise<void>;
}

const checkpointsNoted = 8; // more than are kept: one of them is gone on from, if any is

/** Begins the record of an attempt. Later writes that fail (a full disk) are passed over: the step itself says so. */
export async function beginAttempt(store: string, beginning: AttemptBeginning): Promise<OpenAttempt> {
  const started = Date.now();
  const record: AttemptRecord = {
    ...beginning,
    startedAt: new Date(started).toISOString(),
    seconds: 0,
    outcome: 'running',
    checkpoints: [],
  };
  const place = `attempts/${encodeURIComponent(experimentOf(record))}/${nameOf(record)}`;
  const file = path.join(store, place);
  await writeWhole(file, sealedJson(record));
  let isNew = false;
  let writing: Promise<void> | undefined;
  const writeAll = async () => {
    while (isNew) {
      isNew = false;
      await writeWhole(file, sealedJson(record)).catch(() => {});
    }
    writing = undefined;
  };
  const write = (change: Partial<AttemptRecord> = {}) => {
    Object.assign(record, change, { seconds: (Date.now() - started) / 1000 });
    isNew = true;
    writing ??= writeAll();
    return writing;
  };
  return {
    place,
    beat: () => void write(),
    wentOnFrom: checkpoint => void write({ wentOnFrom: checkpoint }),
    wrote(name) {
      const seconds = (Date.now() - started) / 1000;
      void write({ checkpoints: [...record.checkpoints, { name, seconds }].slice(-checkpointsNoted) });
    },
    end: (outcome, error) => write({ outcome, ...(error === undefined ? {} : { error }) }),
  };
}

/** The experiment that asked for an attempt. */
export function experimentOf({ workflowId }: Pick<AttemptRecord, 'workflowId'>): string {
  return workflowId.split('/')[0] || 'none';
}

/** The address of the cell that asked for it; empty where a sweep did, for several cells. */
export function cellOf({ workflowId }: Pick<AttemptRecord, 'workflowId'>): string {
  return workflowId.split('/').slice(1).join('/');
}

/**
 * The records of an experiment's attempts, and those of others at the same artifacts (`alsoOf`: more of these), in the order in
 * which they began; damaged ones are left out.
 */
export async function readAttempts(
  store: string,
  experiment: string,
  alsoOf: Iterable<string> = [],
): Promise<AttemptRecord[]> {
  const own = await filesIn(folderOf(store, experiment), '.json');
  const keys = new Set([...own.map(keyOfName), ...alsoOf]);
  const records = await readAll(folderOf(store, experiment), own);
  for (const other of (await readdir(path.join(store, 'attempts')).catch(ignoreMissing)) ?? []) {
    if (other === encodeURIComponent(experiment)) continue;
    const folder = path.join(store, 'attempts', other);
    const names = await filesIn(folder, '.json');
    records.push(
      ...(await readAll(
        folder,
        names.filter(name => keys.has(keyOfName(name))),
      )),
    );
  }
  return records.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

const readAtOnce = 32;

async function readAll(folder: string, names: readonly string[]): Promise<AttemptRecord[]> {
  const records: AttemptRecord[] = [];
  for (let from = 0; from < names.length; from += readAtOnce) {
    const some = names.slice(from, from + readAtOnce);
    const texts = await Promise.all(some.map(name => readFile(path.join(folder, name), 'utf8')));
    for (const text of texts) {
      try {
        records.push(AttemptRecord.parse(openSealedJson(text)));
      } catch {
        // damaged: its time is missing in the ledger, and nothing else
      }
    }
  }
  return records;
}

function folderOf(store: string, experiment: string): string {
  return path.join(store, 'attempts', encodeURIComponent(experiment));
}

function nameOf({ key, startedAt }: AttemptRecord): string {
  return `${key}-${startedAt.replaceAll(':', '')}-${randomUUID().slice(0, 8)}.json`;
}

function keyOfName(name: string): string {
  return name.split('-')[0];
}
