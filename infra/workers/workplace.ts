// Where the workers of this machine do their steps.

import path from 'node:path';
import type { Workplace } from '../../activities/perform-step.ts';
import { codeVersion } from '../code-version.ts';
import { downloadsFolder, home, logsFolder } from '../home.ts';
import { openHomeStore } from '../open-home-store.ts';
import type { Temporal } from '../temporal-server/embedded-server.ts';
import { uiPages } from '../temporal-server/ui-pages.ts';

/** The workplace of this home, whose steps each may start `threads` threads; links lead to the server's Temporal UI, or to that of SIMCNE_TEMPORAL_UI. */
export async function openWorkplace(
  server: Pick<Temporal, 'uiUrl' | 'namespace'>,
  threads: number,
): Promise<Workplace> {
  return {
    store: await openHomeStore(),
    logs: logsFolder(),
    reports: path.join(home(), 'reports'),
    downloads: [downloadsFolder()],
    codeVersion: codeVersion(),
    threads,
    temporalUi: uiPages(server),
  };
}
