// The first embedding of a trained network: said when it is there, with the page that shows it.
import path from 'node:path';
import type { Cell } from '../../experiments/experiment.ts';
import { isTrained } from '../../experiments/names.ts';
import { packageRoot } from '../home.ts';
import { runCommand } from '../setup/run-command.ts';
import type { CellProgress } from './cell-progress.ts';
import { describe, type RunDisplay } from './describe-progress.ts';
import { duration } from './output.ts';

/** Whether it is of a cell that trains a network, and that was not there already. */
export function isFirstPicture(cells: readonly Cell[], { address, outcome }: CellProgress): boolean {
  const isOfTrained = cells.some(cell => cell.address === address && isTrained(cell.method));
  return isOfTrained && outcome?.status === 'done' && !outcome.reused;
}

/** Renders the report as far as it is, in a process of its own, and says it; without the page where the signal comes first. */
export async function sayFirstPicture(
  display: RunDisplay,
  experiment: string,
  progress: CellProgress,
  { since, signal }: { since: Date; signal: AbortSignal },
): Promise<void> {
  const after = duration((Date.now() - since.getTime()) / 1000);
  const cli = path.join(packageRoot, 'infra', 'simcne.js');
  const page = await runCommand(process.execPath, [cli, 'report', experiment, '--quiet'], { signal }).then(
    () => `page ${progress.outcome?.report}`,
    error => (signal.aborted ? 'its page follows' : `no page yet: ${(error as Error).message}`),
  );
  display.say(`first trained embedding after ${after}: ${describe(progress)}, ${page}`);
}
