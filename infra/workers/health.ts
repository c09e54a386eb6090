// Whether a worker takes tasks, for whoever looks after its process (Kubernetes' probes): 200 while it does, else 503.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Worker } from '@temporalio/worker';

export interface HealthAddress {
  host: string;
  port: number;
}

/** Serves on the address until closed. An absent Temporal server changes nothing: the worker waits for it. */
export async function serveHealth(
  workers: Pick<Worker, 'getState'>[],
  where: HealthAddress,
): Promise<Server> {
  const server = createServer((_, response) => {
    const states = workers.map(worker => worker.getState());
    const state = states.find(one => one !== 'RUNNING') ?? 'RUNNING';
    response.writeHead(state === 'RUNNING' ? 200 : 503, { 'content-type': 'text/plain' }).end(`${state}\n`);
  });
  server.listen(where.port, where.host);
  await once(server, 'listening');
  return server.unref();
}
