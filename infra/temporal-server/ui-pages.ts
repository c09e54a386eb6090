// Where the pages of runs are in the Temporal UI.
import { existsSync } from 'node:fs';
import { temporalDatabase } from '../home.ts';
import { homePorts } from './owner-place.ts';
import { TemporalConfiguration, temporalConfig } from './temporal-config.ts';

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

/** The same without a server: where the embedded one's UI is, if one has run in this home. */
export function lastUiPages(): string | undefined {
  try {
    const { namespace, named } = temporalConfig();
    const isEmbedded = !named && existsSync(temporalDatabase());
    return uiPages({ uiUrl: isEmbedded ? `http://127.0.0.1:${homePorts().uiPort}` : undefined, namespace });
  } catch (error) {
    if (error instanceof TemporalConfiguration) return undefined; // whoever needs the server says so
    throw error;
  }
}
