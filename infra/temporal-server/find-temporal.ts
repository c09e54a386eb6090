// The Temporal server if there is one already: for commands that look but start nothing.
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { openTemporal, type Temporal } from './embedded-server.ts';
import { isServing, readRecord, serverFiles } from './server-files.ts';

/** The named server, or the embedded one if it runs; undefined otherwise. */
export async function findTemporal(): Promise<Temporal | undefined> {
  const isNamed = loadClientConnectConfig().connectionOptions.address !== undefined;
  const record = isNamed ? undefined : readRecord(serverFiles());
  return isNamed || (record && isServing(record)) ? openTemporal() : undefined;
}
