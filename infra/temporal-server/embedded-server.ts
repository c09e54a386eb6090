// The Temporal server of a command: the one that the environment names, else an embedded one that all commands of a home share.
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { temporalDatabase } from '../home.ts';
import { ensureNamespace } from './ensure-namespace.ts';
import { ensureSearchAttributes } from './ensure-search-attributes.ts';
import { prepareNamed } from './named-server.ts';
import { type OwnerLink, openOwnerLink } from './owner-link.ts';
import { type OwnerState, ownerFiles } from './owner-place.ts';
import { type NamedServer, temporalConfig } from './temporal-config.ts';

/** What a command wants: a server, or also workers that do what it holds. */
export type Needs = 'server' | 'workers';

export interface Temporal {
  /** As `127.0.0.1:7233`. */
  address: string;
  namespace: string;
  /** The Web UI of the embedded server. */
  uiUrl?: string;
  isEmbedded: boolean;
  /** For `Connection.connect` and `NativeConnection.connect`. */
  connectionOptions: NativeConnectionOptions;
  /**
   * Whether it has been started again since it was last asked, or will not come back. The embedded server is started again by the
   * owner of the home; an owner that died, by whoever asks here.
   */
  revive(): Promise<'as before' | 'started again' | 'gone'>;
  /** Has workers serve, for as long as this command needs them. */
  useWorkers(): void;
  /** Needs them no more; where nobody else does, resolves once they have ended. */
  leaveWorkers(): Promise<void>;
  /** Rejects where the workers that were asked for cannot be started. */
  workersLost: Promise<never>;
  /** Whether others need the workers. */
  goesOn(): boolean;
  /** Has server and workers stay when nobody uses them any more; resolves once the workers serve. */
  stay(): Promise<void>;
  /** Gives the embedded server up; the last one out waits until it has stopped. */
  close(): Promise<void>;
}

/** The workers of the home end as soon as they are started. */
export class WorkersLost extends Error {
  override name = 'WorkersLost';
}

const readyTimeoutMs = 30_000;
const lookMs = 500;

/**
 * The server of TEMPORAL_ADDRESS or of a profile in Temporal's configuration file, where there is one; else the
 * embedded server of this home, started where none runs. It is ready: namespace and search attributes are there.
 * @throws with what to do, where it cannot be reached or started
 */
export async function openTemporal(needs: Needs = 'server'): Promise<Temporal> {
  const { namespace, named } = temporalConfig();
  return named ? openNamed(named) : openEmbedded(namespace, needs, (await openOwnerLink(needs))!);
}

/** The named server, or the embedded one if it runs: for commands that look but start nothing. */
export async function findTemporal(): Promise<Temporal | undefined> {
  const { namespace, named } = temporalConfig();
  if (named) return openNamed(named);
  const link = await openOwnerLink('server', { mayStart: false });
  return link && openEmbedded(namespace, 'server', link);
}

async function openNamed(server: NamedServer): Promise<Temporal> {
  await prepareNamed(server);
  return {
    ...server,
    isEmbedded: false,
    revive: async () => 'as before', // a cluster sees to itself
    useWorkers: () => {},
    leaveWorkers: async () => {},
    workersLost: new Promise<never>(() => {}),
    goesOn: () => true,
    stay: async () => {},
    close: async () => {},
  };
}

async function openEmbedded(namespace: string, wanted: Needs, first: OwnerLink): Promise<Temporal> {
  let [link, needs] = [first, wanted];
  const ask = (next: Needs) => {
    needs = next;
    link.ask({ needs });
  };
  const goesOn = () => link.state().stays || link.state().users > Number(needs === 'workers');
  let [isClosed, starts, port] = [false, 0, 0];
  const revive = async () => {
    if (!link.isOpen()) {
      if (link.state().failed) return 'gone' as const;
      link = (await openOwnerLink(needs))!;
      await untilServing(link);
      starts = 0;
    }
    if (link.state().port !== port) return 'gone'; // another program has its port now: the client would talk to that
    const isNew = link.state().starts !== starts;
    starts = link.state().starts;
    return isNew ? 'started again' : 'as before';
  };
  const watchWorkers = async (): Promise<never> => {
    for (;;) {
      await sleep(lookMs, undefined, { ref: false });
      const { workers } = link.state();
      if (!isClosed && typeof workers === 'object') throw new WorkersLost(workers.failed);
    }
  };
  try {
    const ports = await untilServing(link);
    port = ports.port;
    const address = `127.0.0.1:${port}`;
    starts = link.state().starts;
    await untilReady(address, namespace, revive);
    const uiUrl = `http://127.0.0.1:${ports.uiPort}`;
    const workersLost = watchWorkers();
    workersLost.catch(() => {}); // thrown where it is awaited
    return {
      ...{ address, namespace, uiUrl, isEmbedded: true, connectionOptions: { address }, revive, workersLost },
      goesOn,
      useWorkers: () => ask('workers'),
      async leaveWorkers() {
        ask('server');
        if (link.isOpen()) await link.changed(); // its answer
        while (link.isOpen() && !goesOn() && link.state().workers !== 'off') await link.changed();
      },
      async stay() {
        await untilSaid(link, ({ workers }) => workers === 'serving');
        link.ask({ stay: true });
        await untilSaid(link, ({ stays }) => stays);
      },
      async close() {
        isClosed = true;
        await link.close();
      },
    };
  } catch (error) {
    await link.close();
    throw error;
  }
}

/** The ports of the server, once it serves. */
async function untilServing(link: OwnerLink): Promise<{ port: number; uiPort: number }> {
  await untilSaid(link, ({ port, failed }) => port !== undefined || failed !== undefined);
  const { port, uiPort, failed } = link.state();
  if (failed === undefined) return { port: port!, uiPort: uiPort! };
  throw new Error(
    `Temporal: the embedded server ${failed}\n` +
      `If its database is broken, move ${temporalDatabase()} away: results are kept in the store, only the history of runs is lost`,
  );
}

/** Waits until the owner of the home says so. @throws where it is gone */
async function untilSaid(link: OwnerLink, isSo: (state: OwnerState) => boolean): Promise<void> {
  for (; !isSo(link.state()); await link.changed()) {
    if (!link.isOpen()) throw new Error(`Temporal: the embedded server is gone; see ${ownerFiles().log}`);
  }
}

/** The port opens before the namespace is there: asks until it is, then completes it. */
async function untilReady(address: string, namespace: string, revive: Temporal['revive']): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    try {
      return await prepareNamespace(address, namespace);
    } catch (error) {
      if (Date.now() < deadline && (await revive()) !== 'gone') {
        await sleep(100);
        continue;
      }
      throw new Error(
        `Temporal: the embedded server at ${address} does not serve namespace ${namespace} (${error instanceof Error ? error.message : error}); see ${ownerFiles().serverLog}`,
      );
    }
  }
}

async function prepareNamespace(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: '5s' });
  try {
    await ensureNamespace(connection, namespace);
    await ensureSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
}
