// worker: one worker process, for a cluster or beside the embedded server.
import type { Command } from 'commander';
import { openTemporal } from '../../temporal-server/embedded-server.ts';
import { capacityRule } from '../../workers/capacity.ts';
import { parseMetricsAddress } from '../../workers/metrics-address.ts';
import { queueNames } from '../../workers/queue-names.ts';
import { oneOf, parseNumber } from '../npy-files.ts';
import { UsageError } from '../usage-error.ts';

/** Of slots and of threads: more is a slip. */
const most = 1_024;

interface WorkerFlags {
  queue: string;
  slots?: string;
  threads?: string;
  gpu?: string;
  untilIdle?: string;
  health?: string;
  metrics?: string;
}

export function addWorkerCommand(program: Command): void {
  program
    .command('worker')
    .description('serve a task queue until told to stop')
    .requiredOption(
      '--queue <name>',
      'cpu (workflows and CPU steps), train (training, pretrained features) or workflows (no steps)',
    )
    .option('--slots <number>', 'steps at once, of each kind: long and short ones of cpu, those of train')
    .option(
      '--threads <number>',
      'threads that each step may start, beside TensorFlow’s own in train; no result depends on it',
    )
    .option('--gpu <number>', 'the GPU that this worker trains on')
    .option('--until-idle <minutes>', 'end after so long without a step')
    .option('--health <address>', 'tell on host:port whether it takes tasks (HTTP, 200 or 503)')
    .option('--metrics <address:port>', 'serve metrics there for Prometheus (a port alone: on loopback)')
    .addHelpText('after', `\nWithout --slots and --threads: ${capacityRule}.`)
    .action(async ({ queue, slots, threads, gpu, untilIdle, health, metrics }: WorkerFlags) => {
      const name = oneOf('queue', queue, queueNames);
      const minutes =
        untilIdle === undefined ? undefined : parseNumber('until-idle', untilIdle, { least: 0 });
      if (name === 'workflows' && (slots ?? threads) !== undefined) {
        throw new UsageError(
          '--slots and --threads: a worker of queue workflows does no steps; leave them out',
        );
      }
      const options = {
        slots: parseCount('slots', slots),
        threads: parseCount('threads', threads),
        health: health === undefined ? undefined : parseAddress(health),
        metrics:
          parseMetricsAddress(metrics, '--metrics') ??
          parseMetricsAddress(process.env.SIMCNE_METRICS, 'SIMCNE_METRICS'),
        idleMs: minutes === undefined ? undefined : minutes * 60_000,
      };
      if (gpu !== undefined) {
        process.env.CUDA_VISIBLE_DEVICES = String(parseNumber('gpu', gpu, { integer: true, least: 0 }));
      }
      process.once('disconnect', () => process.kill(process.pid, 'SIGTERM')); // the command line that started it died
      const { runWorker } = await import('../../workers/worker.ts');
      const server = await openTemporal();
      try {
        await runWorker(name, server, options);
      } finally {
        await server.close();
      }
    });
}

function parseCount(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseNumber(name, text, { integer: true, least: 1, most });
}

/** From `127.0.0.1:8080` or `[::1]:8080`; which addresses are told is said by whoever starts the worker. */
function parseAddress(text: string): { host: string; port: number } {
  const [, host, port] = text.match(/^\[?([\w.:-]+?)\]?:(\d{1,5})$/) ?? [];
  if (!host || Number(port) > 65_535) {
    throw new UsageError(`--health: expected host:port, as 127.0.0.1:8080, found "${text}"`);
  }
  return { host, port: Number(port) };
}
