// Says before a run how long it will take on this machine.
import type { Command } from 'commander';
import { type MachineRate, openForecast } from '../../activities/forecast.ts';
import type { Cell } from '../../experiments/experiment.ts';
import { openHomeStore } from '../open-home-store.ts';
import { duration, say } from './output.ts';
import { type Plan, planCells } from './plan-cells.ts';
import { tryTraining } from './try-training.ts';

/** Says it; after a trial of some seconds, which is answered, where the store has seen no training of the network. */
export async function sayForecast(
  command: Command,
  experiment: string,
  cells: readonly Cell[],
): Promise<MachineRate | undefined> {
  const store = await openHomeStore();
  const plan = await planCells(store, cells);
  const seen = openForecast(await store.manifests());
  const untried = cells.filter((cell, i) =>
    cell.steps.some(
      (step, place) =>
        step.step === 'train' && plan.cells[i].steps[place].state !== 'HIT' && !seen.hasSeen(cell, step),
    ),
  );
  if (untried.length > 0) say(command, 'trying how fast this machine trains');
  const rate = await tryTraining(untried);
  const text = forecastText(rate ? await planCells(store, cells, rate) : plan);
  if (text) say(command, `${experiment}: ${text}`);
  return rate;
}

/** Rows that want weights from outside are told apart: where these cannot be fetched, the run is shorter by as much. */
function forecastText({ rows, forecast: { here } }: Plan): string | undefined {
  if (here.seconds === 0) return undefined;
  const fetched = rows.filter(({ missing }) => missing.some(one => one.startsWith('weights')));
  const seconds = fetched.reduce((sum, { forecastSeconds }) => sum + forecastSeconds, 0);
  const more = seconds === 0 ? '' : `, ${duration(seconds)} more if pretrained weights can be fetched`;
  return `about ${duration(here.seconds - seconds)} on this machine${more}`;
}
