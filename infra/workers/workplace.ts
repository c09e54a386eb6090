// Where the workers of this machine do their steps.

import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Workplace } from '../../activities/perform-step.ts';
import { openStore } from '../../artifacts/store.ts';
import { codeVersion } from '../code-version.ts';
import { home, logsFolder, storeFolder } from '../home.ts';

/** The workplace of this home; `temporalUi` is the base address for links. */
export async function openWorkplace(temporalUi = process.env.SIMCNE_TEMPORAL_UI): Promise<Workplace> {
  return {
    store: await openStore(storeFolder()),
    logs: logsFolder(),
    reports: path.join(home(), 'reports'),
    codeVersion: codeVersion(),
    threads: availableParallelism(),
    temporalUi,
  };
}
