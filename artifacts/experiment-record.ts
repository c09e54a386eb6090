// How an experiment stood when its run ended: its table with the verdicts, one file an experiment.
import path from 'node:path';
import { writeWhole } from './durable.ts';

export interface ExperimentRecord {
  experiment: string;
  /** ISO 8601. */
  madeAt: string;
  codeVersion: string;
  workflowId: string;
  runId: string;
  /** The results table as `simcne table --json` gives it. */
  table: unknown;
}

/** Writes the record of an experiment, in place of an earlier one; answers where it is. */
export async function keepExperimentRecord(store: string, record: ExperimentRecord): Promise<string> {
  const file = path.join(store, 'experiments', `${record.experiment}.json`);
  await writeWhole(file, `${JSON.stringify(record, undefined, 2)}\n`);
  return file;
}
