// The files by which the users of one home's embedded server find it, and each other.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import { z } from 'zod';
import { home, logsFolder, temporalDatabase } from '../home.ts';
import { isAlive } from './process-identity.ts';

const ServerRecord = z.object({
  port: z.number(),
  uiPort: z.number(),
  server: z.object({ pid: z.number(), start: z.string() }),
  supervisor: z.object({ pid: z.number(), start: z.string() }),
});
/** A running server: its ports, and its process with the one that watches it. */
export type ServerRecord = z.infer<typeof ServerRecord>;

export interface ServerFiles {
  folder: string;
  leases: string;
  record: string;
  log: string;
  database: string;
}

/** The paths of this home, their folders made. */
export function serverFiles(): ServerFiles {
  const folder = path.join(home(), 'temporal-server');
  const leases = path.join(folder, 'leases');
  for (const needed of [leases, logsFolder()]) mkdirSync(needed, { recursive: true });
  return {
    folder,
    leases,
    record: path.join(folder, 'server.json'),
    log: path.join(logsFolder(), 'temporal-server.log'),
    database: temporalDatabase(),
  };
}

/** Whatever starts or stops the server does it inside: one at a time, over all processes of the home. */
export async function withServerLock<T>(files: ServerFiles, body: () => Promise<T>): Promise<T> {
  const release = await lockfile.lock(files.folder, {
    stale: 10_000,
    retries: { forever: true, minTimeout: 100, maxTimeout: 300 },
    onCompromised: () => {}, // this process slept longer than that: whoever took over looks at the record first
  });
  try {
    return await body();
  } finally {
    await release().catch(() => {}); // taken over
  }
}

export function writeRecord(files: ServerFiles, record: ServerRecord): void {
  const next = `${files.record}.next`;
  writeFileSync(next, JSON.stringify(record));
  renameSync(next, files.record);
}

export function removeRecord(files: ServerFiles): void {
  rmSync(files.record, { force: true });
}

/** What the record says; undefined where there is none or it cannot be read. */
export function readRecord(files: ServerFiles): ServerRecord | undefined {
  try {
    return ServerRecord.parse(JSON.parse(readFileSync(files.record, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Whether the recorded server is watched: it runs then, or is being started again. */
export function isWatched({ supervisor }: ServerRecord): boolean {
  return isAlive(supervisor);
}
