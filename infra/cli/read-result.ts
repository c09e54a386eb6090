// An experiment's results from this home's store, without a server.
import { experimentResult } from '../../activities/experiment-result.ts';
import { openStore } from '../../artifacts/store.ts';
import type { ExperimentResult } from '../../reports/result.ts';
import { codeVersion } from '../code-version.ts';
import { logsFolder, storeFolder } from '../home.ts';
import { openHomeStore } from '../open-home-store.ts';
import { lastUiPages } from '../temporal-server/ui-pages.ts';
import { cellsNamed } from './select-cells.ts';

/** The results of an experiment that must be known by that name; from another home's store where `folder` names one. */
export async function readResult(
  experiment: string,
  { folder = storeFolder(), ...options }: { arrays?: boolean; own?: boolean; folder?: string } = {},
): Promise<ExperimentResult> {
  cellsNamed(experiment, folder);
  const store = folder === storeFolder() ? await openHomeStore() : await openStore(folder);
  const source = { store, codeVersion: codeVersion(), temporalUi: lastUiPages(), logs: logsFolder() };
  return experimentResult(source, experiment, options);
}
