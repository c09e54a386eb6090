// plan: what `run` would do, step by step, and why.
import type { Command } from 'commander';
import { stepStates } from '../../../activities/find-cell.ts';
import { openForecast } from '../../../activities/forecast.ts';
import { openStore } from '../../../artifacts/store.ts';
import { storeFolder } from '../../home.ts';
import { alignColumns, duration, printResult } from '../output.ts';
import { type Selection, selectCells, withSelection } from '../select-cells.ts';

interface PlannedStep {
  step: string;
  state: string;
  reason: string;
  forecastSeconds: number | null;
}

export function addPlanCommand(program: Command): void {
  withSelection(program.command('plan <experiment>'))
    .description('what run would do, why, and a forecast of time')
    .action(async (experiment: string, selection: Selection, command: Command) => {
      const chosen = selectCells(experiment, selection);
      const store = await openStore(storeFolder());
      const manifests = await store.manifests();
      const forecast = openForecast(manifests);
      const counted = new Set<string>();
      const cells: { address: string; steps: PlannedStep[] }[] = [];
      for (const cell of chosen) {
        const states = await stepStates(store, cell, manifests);
        const steps = states.map(({ step, state, reason, key }, place): PlannedStep => {
          const once = key === undefined || !counted.has(key);
          if (key) counted.add(key);
          const seconds = state !== 'HIT' && once ? forecast(cell, cell.steps[place]) : 0;
          return { step, state, reason, forecastSeconds: seconds ?? null };
        });
        cells.push({ address: cell.address, steps });
      }
      printResult(command, { cells }, () => planText(cells));
    });
}

function planText(cells: { address: string; steps: PlannedStep[] }[]): string {
  const rows = cells.flatMap(({ address, steps }) =>
    steps.map(({ step, state, reason, forecastSeconds }, place) => [
      place === 0 ? address : '',
      step,
      state,
      forecastSeconds === null ? '?' : forecastSeconds === 0 ? '' : duration(forecastSeconds),
      reason,
    ]),
  );
  const all = cells.flatMap(cell => cell.steps);
  const toRun = all.filter(step => step.state !== 'HIT');
  const known = toRun.reduce((sum, step) => sum + (step.forecastSeconds ?? 0), 0);
  const unknown = toRun.filter(step => step.forecastSeconds === null).length;
  const total = `${cells.length} cells: ${all.length - toRun.length} steps in the store, ${toRun.length} to run, about ${duration(known)} of computing${unknown > 0 ? ` and ${unknown} steps that cannot be forecast` : ''}`;
  return `${alignColumns([['cell', 'step', 'state', 'forecast', 'why'], ...rows])}\n\n${total}`;
}
