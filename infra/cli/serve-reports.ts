// Serves the reports and the Temporal UI on loopback until Ctrl-C.
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import type { Command } from 'commander';
import getPort, { portNumbers } from 'get-port';
import sirv from 'sirv';
import { home } from '../home.ts';
import { openTemporal } from '../temporal-server/embedded-server.ts';
import { startWorkers } from '../workers/worker-processes.ts';
import { Interrupted, untilInterrupted } from './interrupt.ts';
import { say } from './output.ts';

/** Serves `.simcne/reports/`; `experiment` only decides which address is printed. */
export async function serveUntilInterrupted(command: Command, experiment = 'quick'): Promise<void> {
  const temporal = await openTemporal();
  const workers = temporal.isEmbedded ? await startWorkers(temporal, ['workflows']) : undefined;
  const done = new AbortController();
  try {
    const server = await listen(path.join(home(), 'reports'));
    const { port } = server.address() as { port: number };
    say(command, `report:      http://127.0.0.1:${port}/${experiment}/`);
    if (temporal.uiUrl) say(command, `Temporal UI: ${temporal.uiUrl}`);
    say(command, 'Ctrl-C ends both');
    await untilInterrupted(done.signal).catch(error => {
      if (!(error instanceof Interrupted)) throw error;
    });
    server.close();
    server.closeAllConnections();
  } finally {
    done.abort();
    await workers?.close();
    await temporal.close();
  }
}

async function listen(folder: string): Promise<Server> {
  const handler = sirv(folder, { dev: true }); // dev: files that come later are served, too
  const server = createServer((request, response) =>
    handler(request, response, () => {
      response.statusCode = 404;
      response.end('there is no such report; "simcne run quick" makes one');
    }),
  );
  const port = await getPort({ port: portNumbers(8400, 8499), host: '127.0.0.1' });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}
