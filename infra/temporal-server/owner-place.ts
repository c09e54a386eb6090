// How the one process that owns a home is found, by whatever commands use it: a lock of the operating system's that it holds while it
// lives, and a file that says where it listens.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { home, logsFolder, temporalDatabase } from '../home.ts';

const OwnerRecord = z.object({
  /** The socket on which it listens to commands. */
  socket: z.string(),
  host: z.string(),
  pid: z.number(),
  startedAt: z.string(),
});
export type OwnerRecord = z.infer<typeof OwnerRecord>;

/** The paths of this home. */
export function ownerFiles() {
  const folder = path.join(home(), 'temporal-server');
  return {
    folder,
    lock: path.join(folder, 'owner'),
    record: path.join(folder, 'owner.json'),
    log: path.join(logsFolder(), 'owner.log'),
    serverLog: path.join(logsFolder(), 'temporal-server.log'),
    database: temporalDatabase(),
  };
}
export type OwnerFiles = ReturnType<typeof ownerFiles>;

export interface ServerPorts {
  port: number;
  uiPort: number;
}

const [firstPort, pairsOfPorts] = [20_000, 5_000]; // below those that systems give away by themselves

/** The ports of this home's server: its own, so that no other home's stands there while it is away for a moment. */
export function homePorts(): ServerPorts {
  const place = createHash('sha256').update(home()).digest().readUInt32BE() % pairsOfPorts;
  return { port: firstPort + 2 * place, uiPort: firstPort + 2 * place + 1 };
}

/** What the last owner said of itself; undefined where there was none, or it cannot be read. */
export function readOwnerRecord({ record }: OwnerFiles): OwnerRecord | undefined {
  try {
    return OwnerRecord.parse(JSON.parse(readFileSync(record, 'utf8')));
  } catch {
    return undefined;
  }
}

/** A connection to it; undefined where it is there no more, or not yet. */
export async function connectToOwner(files: OwnerFiles): Promise<Socket | undefined> {
  const place = readOwnerRecord(files)?.socket;
  if (place === undefined) return undefined;
  const socket = connect({ path: place, allowHalfOpen: true });
  try {
    await once(socket, 'connect');
    return socket;
  } catch {
    return undefined;
  }
}

/** What a command wants of the owner, a line of JSON each: first what it needs, for as long as its connection stays open. */
export type OwnerRequest = { needs: 'server' | 'workers' } | { stay: true } | { end: true };

/** What the owner tells all commands whenever it changes. */
export interface OwnerState {
  port?: number;
  uiPort?: number;
  /** How often the server was started. */
  starts: number;
  /** Whether a worker of every queue has served; why one does not. */
  workers: 'off' | 'starting' | 'serving' | { failed: string };
  /** Whether it stays when no command uses it (`simcne up`); how many commands need its workers. */
  stays: boolean;
  users: number;
  /** It has given up, and why. */
  failed?: string;
}

/** Calls `take` for each line of JSON that comes. */
export function readLines<T>(stream: NodeJS.ReadableStream, take: (message: T) => void): void {
  let rest = '';
  stream.on('data', chunk => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) take(JSON.parse(line));
  });
}
