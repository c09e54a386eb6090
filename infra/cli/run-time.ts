// How far a run is, and how long it still takes, as its steps tell and the store has seen.
import { stepStates } from '../../activities/find-cell.ts';
import { type Forecast, type MachineRate, openForecast } from '../../activities/forecast.ts';
import type { Cell } from '../../experiments/experiment.ts';
import { sharedWork } from '../../workflows/shared-work.ts';
import { openHomeStore } from '../open-home-store.ts';
import { secondsLeft } from '../serving/time-left.ts';
import type { CellProgress } from './cell-progress.ts';
import type { RunState } from './describe-progress.ts';

export interface RunTime {
  /** How far the run is; `known`: what was last heard of each cell. */
  state(known: ReadonlyMap<string, CellProgress>): Promise<RunState>;
}

/** `rate`: of a trial, for trainings whose like the store has not seen. Where all is made again (`isForced`), what is there does not count. */
export async function openRunTime(
  cells: readonly Cell[],
  { rate, isForced }: { rate?: MachineRate; isForced: boolean },
): Promise<RunTime> {
  const store = await openHomeStore();
  const made = new Set<string>();
  for (const cell of isForced ? [] : cells) {
    (await stepStates(store, cell, [])).forEach(({ state }, place) => {
      if (state === 'HIT') made.add(sharedWork(cell, cell.steps[place]));
    });
  }
  const began = Date.now();
  let forecast: { of: Forecast; ended: number } | undefined;
  return {
    async state(known) {
      const ended = [...known.values()].filter(({ outcome }) => outcome).length;
      if (forecast?.ended !== ended) forecast = { of: openForecast(await store.manifests(), rate), ended };
      const standing = cells.map(cell => {
        const { status = 'waiting', step, progress } = known.get(cell.address) ?? {};
        return { cell, live: { status, step, ...progress } };
      });
      const left = ended === cells.length ? 0 : secondsLeft(standing, forecast.of, made);
      const seconds = (Date.now() - began) / 1000;
      const fraction = left === undefined ? undefined : seconds / (seconds + left);
      return { ended, cells: cells.length, secondsLeft: left, fraction };
    },
  };
}
