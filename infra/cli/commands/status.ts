// status: what runs, how far it is, and what failed why.
import { Client, Connection } from '@temporalio/client';
import type { Command } from 'commander';
import { currentRecord } from '../../../activities/current-record.ts';
import { definedExperiments } from '../../../activities/definitions.ts';
import { type ExperimentLedger, experimentLedger } from '../../../activities/experiment-ledger.ts';
import { experiments } from '../../../experiments/catalogue.ts';
import type { Cell } from '../../../experiments/experiment.ts';
import { storeFolder } from '../../home.ts';
import { openHomeStore } from '../../open-home-store.ts';
import { findTemporal } from '../../temporal-server/embedded-server.ts';
import { cellProgress } from '../cell-progress.ts';
import { describe } from '../describe-progress.ts';
import { namedPlace } from '../experiment-file/read-experiment-file.ts';
import { ledgerText } from '../ledger-text.ts';
import { alignColumns, globalOptions, printResult } from '../output.ts';
import { cellsNamed, ownCellsNamed } from '../select-cells.ts';
import { sharedStep, withSharedStep } from '../shared-step.ts';

interface CellStatus {
  experiment: string;
  address: string;
  status: string;
  step: string | null;
  progress: number | null;
  detail: string;
  error: string | null;
  /** Of a cell that failed: the error's name, the last lines of the attempt's log, and where that is. */
  failure?: { name: string; lines: string[]; log: string };
}

export function addStatusCommand(program: Command): void {
  program
    .command('status [experiment]')
    .description('what runs, progress, failures with their causes, where the time went')
    .action(async (named: string | undefined, _options: unknown, command: Command) => {
      await openHomeStore(); // brings the records of other hosts
      const name = named === undefined ? undefined : await namedPlace(named);
      const names =
        name === undefined ? [...Object.keys(experiments), ...definedExperiments(storeFolder())] : [name];
      const cells = names.flatMap(one => cellsNamed(one));
      const own = new Set(names.flatMap(one => ownCellsNamed(one)));
      const { live, awaited } = await liveStatus([...cells, ...own]);
      const statuses: CellStatus[] = [];
      for (const cell of [...cells, ...own]) {
        const status = live.get(cell) ?? (await recordedStatus(cell, awaited.has(cell)));
        if (status.status !== 'missing' || (name !== undefined && !own.has(cell))) statuses.push(status);
      }
      const ledger = await ledgersOf(names, [...cells, ...own]);
      printResult(command, { cells: statuses, ledger }, () =>
        [statusText(statuses, globalOptions(command).debug), ...ledger.map(ledgerText)].join('\n\n'),
      );
    });
}

/** Of those experiments for which anything was done. */
async function ledgersOf(names: string[], cells: Cell[]): Promise<ExperimentLedger[]> {
  const ledgers: ExperimentLedger[] = [];
  for (const name of names) {
    const own = cells.filter(cell => cell.experiment === name);
    const ledger = await experimentLedger(storeFolder(), name, own);
    if (ledger.steps.length > 0) ledgers.push(ledger);
  }
  return ledgers;
}

/** Cells whose workflows run now, and those that a run is yet to begin; asked of the server, if there is one. */
async function liveStatus(
  cells: Cell[],
): Promise<{ live: Map<Cell, CellStatus>; awaited: ReadonlySet<Cell> }> {
  const live = new Map<Cell, CellStatus>();
  const awaited = new Set<Cell>();
  const server = await findTemporal();
  if (!server) return { live, awaited };
  const connection = await Connection.connect(server.connectionOptions);
  try {
    const client = new Client({ connection, namespace: server.namespace });
    const shared = new Map<string, Awaited<ReturnType<typeof sharedStep>>>();
    for (const { experiment } of cells) {
      if (!shared.has(experiment)) shared.set(experiment, await sharedStep(client, experiment));
    }
    for (const cell of cells) {
      const ofSweep = shared.get(cell.experiment)?.(cell);
      const progress = withSharedStep(cell, await cellProgress(client, cell), ofSweep);
      if (progress.status === 'waiting' && ofSweep) awaited.add(cell);
      if (!['running', 'queued'].includes(progress.status)) continue;
      live.set(cell, {
        experiment: cell.experiment,
        address: cell.address,
        status: progress.status,
        step: progress.step ?? null,
        progress: progress.progress?.fraction ?? null,
        detail: describe(progress),
        error: progress.error ?? null,
      });
    }
  } finally {
    await connection.close();
    await server.close();
  }
  return { live, awaited };
}

async function recordedStatus(cell: Cell, isAwaited: boolean): Promise<CellStatus> {
  const { experiment, address } = cell;
  const record = await currentRecord(storeFolder(), cell);
  const common = { experiment, address };
  if (!record) {
    const [status, detail] = isAwaited ? ['queued', 'its turn will come'] : ['missing', 'not run yet'];
    return { ...common, step: null, status, progress: 0, detail, error: null };
  }
  const { status, knn, silhouette, reason, failure, finishedAt } = record;
  const scores =
    knn === undefined ? '' : `kNN ${(100 * knn).toFixed(1)} %, silhouette ${silhouette?.toFixed(2)}, `;
  return {
    ...common,
    status,
    progress: status === 'done' ? 1 : null,
    detail: `${scores}${finishedAt}`,
    error: reason ?? null,
    step: failure?.step ?? null,
    ...(failure && { failure: { name: failure.name, lines: failure.lines, log: failure.log } }),
  };
}

/** A line a cell; with `details`, all that is known of why it failed. */
function statusText(statuses: CellStatus[], details: boolean): string {
  if (statuses.length === 0) return 'nothing was run yet: "simcne run quick"';
  return alignColumns([
    ['cell', 'status', ''],
    ...statuses.map(({ experiment, address, status, detail, error, failure }) => [
      `${experiment}/${address}`,
      status,
      error && !['running', 'queued'].includes(status) ? errorText(error, failure, details) : detail,
    ]),
  ]);
}

/** The error by its name: its first line, or all of it and below it what the step's log said last. */
function errorText(error: string, failure: CellStatus['failure'], details: boolean): string {
  const named = failure ? `${failure.name}: ${error}` : error;
  if (!details) return named.split('\n', 1)[0];
  const lines = failure ? [...failure.lines, `log: ${failure.log}`] : [];
  return [named, ...lines.map(line => `    ${line}`)].join('\n');
}
