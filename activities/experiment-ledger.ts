// An experiment's ledger of time, from small records alone: no artifact is opened, so it can be asked for while cells run.
import type { Cell } from '../experiments/experiment.ts';
import { type LedgerRow, type Loss, lossesByCause, timeLedger } from '../reports/time/time-ledger.ts';
import { currentRecord } from './current-record.ts';
import { experimentAttempts } from './experiment-attempts.ts';

export interface ExperimentLedger {
  experiment: string;
  /** The last, `all`, is the sum; none where nothing was done. */
  steps: LedgerRow[];
  losses: Loss[];
}

/** The ledger of an experiment with these cells, as the records in the folder `store` tell it. */
export async function experimentLedger(
  store: string,
  experiment: string,
  cells: readonly Cell[],
): Promise<ExperimentLedger> {
  const records = (await Promise.all(cells.map(cell => currentRecord(store, cell)))).filter(
    record => record !== undefined,
  );
  const keys = records.flatMap(({ steps }) => steps.map(({ key }) => key));
  const attempts = await experimentAttempts(store, experiment, keys);
  const source = { experiment, cells: records, attempts };
  return { experiment, steps: timeLedger(source), losses: lossesByCause(source) };
}
