// Where the pages of runs are in the Temporal UI; remembered in the state folder, for commands that start no server.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { home } from '../home.ts';
import { TemporalConfiguration, temporalConfig } from './temporal-config.ts';

const rememberedFile = (): string => path.join(home(), 'temporal-server', 'ui-address');

/** Address of the namespace's pages: at the server's own UI, or that of SIMCNE_TEMPORAL_UI; undefined where neither is known. */
export function uiPages({
  uiUrl = process.env.SIMCNE_TEMPORAL_UI,
  namespace,
}: {
  uiUrl?: string;
  namespace: string;
}): string | undefined {
  return uiUrl ? `${uiUrl}/namespaces/${encodeURIComponent(namespace)}` : undefined;
}

/** The same without a server: where the embedded one's UI was last, which takes the same port again where it can. */
export function lastUiPages(): string | undefined {
  try {
    const { namespace, named } = temporalConfig();
    return uiPages({ uiUrl: named ? undefined : rememberedUi(), namespace });
  } catch (error) {
    if (error instanceof TemporalConfiguration) return undefined; // whoever needs the server says so
    throw error;
  }
}

export function rememberUi(uiUrl: string): void {
  if (rememberedUi() !== uiUrl) writeFileSync(rememberedFile(), uiUrl);
}

function rememberedUi(): string | undefined {
  try {
    return readFileSync(rememberedFile(), 'utf8');
  } catch {
    return undefined; // no server has run in this home yet
  }
}
