// The Temporal server if there is one already: for commands that look but start nothing.
import { openTemporal, type Temporal } from './embedded-server.ts';
import { isWatched, readRecord, serverFiles } from './server-files.ts';
import { temporalConfig } from './temporal-config.ts';

/** The named server, or the embedded one if it runs; undefined otherwise. */
export async function findTemporal(): Promise<Temporal | undefined> {
  const isNamed = temporalConfig().named !== undefined;
  const record = isNamed ? undefined : readRecord(serverFiles());
  return isNamed || (record && isWatched(record)) ? openTemporal() : undefined;
}
