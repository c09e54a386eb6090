// plan: what `run` would do, step by step, why, and what it would cost.
import type { Command } from 'commander';
import { table1Of } from '../../../activities/experiment-result.ts';
import { ownSets } from '../../../activities/own-sets.ts';
import { type DatasetRow, datasetLines } from '../../../reports/table/dataset-table.ts';
import { rowName } from '../../../reports/table/results-table.ts';
import { storeFolder } from '../../home.ts';
import { openHomeStore } from '../../open-home-store.ts';
import { droppedCells } from '../changed-settings.ts';
import { namedPlace } from '../experiment-file/read-experiment-file.ts';
import { alignColumns, duration, printResult } from '../output.ts';
import { type Plan, type PlannedCell, type PlannedRow, planCells } from '../plan-cells.ts';
import { type Selection, selectCells, withSelection } from '../select-cells.ts';

export function addPlanCommand(program: Command): void {
  withSelection(program.command('plan <experiment>'))
    .description('what run would do, why, and a forecast of time')
    .action(async (named: string, selection: Selection, command: Command) => {
      const store = await openHomeStore();
      const experiment = await namedPlace(named);
      const chosen = selectCells(experiment, selection);
      const plan = await planCells(store, chosen);
      const table1 = table1Of([...new Set(chosen.map(cell => cell.dataset))], ownSets(storeFolder()));
      const dropped = await droppedCells(store, experiment);
      printResult(command, { experiment, ...plan, dropped, datasets: table1 }, () =>
        [planText(plan, table1), ...changesText(plan.cells, dropped)].join('\n\n'),
      );
    });
}

function planText(plan: Plan, table1: DatasetRow[]): string {
  return [
    stepText(plan.cells),
    alignColumns(datasetLines(table1)),
    gridText(plan.rows),
    [...missingLines(plan.rows), totalText(plan)].join('\n'),
  ].join('\n\n');
}

/** What was made with other settings than its experiment's file has now. */
function changesText(cells: PlannedCell[], dropped: readonly string[]): string[] {
  const shown = (value: unknown) => (value === null ? 'nothing' : JSON.stringify(value));
  const changes = cells.flatMap(({ address, changed = [] }) =>
    changed.map(({ setting, a, b }, place) => [
      place === 0 ? address : '',
      `${setting}: ${shown(a)} → ${shown(b)}`,
    ]),
  );
  return [
    ...(changes.length > 0 ? [alignColumns([['changed since it was made', ''], ...changes])] : []),
    ...(dropped.length > 0 ? [`made, and no part of it any more (kept): ${dropped.join(', ')}`] : []),
  ];
}

function stepText(cells: PlannedCell[]): string {
  const rows = cells.flatMap(({ address, steps }) =>
    steps.map(({ step, state, reason, forecastSeconds }, place) => [
      place === 0 ? address : '',
      step,
      state,
      forecastSeconds === null ? '?' : forecastSeconds === 0 ? '' : duration(forecastSeconds),
      reason,
    ]),
  );
  return alignColumns([['cell', 'step', 'state', 'forecast', 'why'], ...rows]);
}

/** The paper's rows by data sets: how many of the cells are made, and of which seeds. */
function gridText(rows: PlannedRow[]): string {
  const names = [...new Set(rows.map(row => row.dataset))];
  const lines = new Map<string, Map<string, string>>();
  for (const row of rows) {
    const { group, label } = rowName(row);
    const line = lines.get(`${group}, ${label}`) ?? new Map<string, string>();
    const seeds = row.seeds.length === 0 ? '' : ` (seed ${row.seeds.join(', ')})`;
    lines.set(`${group}, ${label}`, line.set(row.dataset, `${row.done}/${row.cells}${seeds}`));
  }
  return alignColumns([
    [`made, of ${names.length} data sets × ${lines.size} rows`, ...names],
    ...[...lines].map(([label, line]) => [label, ...names.map(name => line.get(name) ?? '–')]),
  ]);
}

function missingLines(rows: PlannedRow[]): string[] {
  const missing = [...new Set(rows.flatMap(row => row.missing))];
  return missing.length === 0
    ? []
    : [`missing: ${missing.join('; ')} (a run fetches them, "simcne data fetch" too)`];
}

function totalText({ cells, forecast: { here, gpu } }: Plan): string {
  const all = cells.flatMap(cell => cell.steps);
  const hits = all.filter(step => step.state === 'HIT').length;
  const unknown = here.unknownSteps > 0 ? `, and ${here.unknownSteps} steps that cannot be forecast` : '';
  const total = `${cells.length} cells: ${hits} steps in the store, ${all.length - hits} to run`;
  if (hits === all.length) return total;
  return [
    total,
    `forecast for this machine: ${duration(here.seconds)} of computing${unknown} (${here.basis})`,
    `forecast for one ${gpu.gpu}: ${hoursText(gpu.hours)} GPU hours (${gpu.derivation})`,
  ].join('\n');
}

const hoursText = (hours: number) =>
  hours < 10 ? hours.toFixed(1) : Math.round(hours).toLocaleString('en-US');
