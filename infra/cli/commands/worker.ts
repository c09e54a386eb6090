// worker: one worker process, for a cluster or beside the embedded server.
import type { Command } from 'commander';
import { openTemporal } from '../../temporal-server/embedded-server.ts';
import { queueNames } from '../../workers/queue-names.ts';
import { oneOf, parseNumber } from '../npy-files.ts';

export function addWorkerCommand(program: Command): void {
  program
    .command('worker')
    .description('serve a task queue until told to stop')
    .requiredOption(
      '--queue <name>',
      'cpu (workflows and CPU steps), train (steps that want TensorFlow) or workflows (no steps)',
    )
    .option('--gpu <number>', 'the GPU that this worker trains on')
    .action(async ({ queue, gpu }: { queue: string; gpu?: string }) => {
      const name = oneOf('queue', queue, queueNames);
      if (gpu !== undefined) {
        process.env.CUDA_VISIBLE_DEVICES = String(parseNumber('gpu', gpu, { integer: true, least: 0 }));
      }
      process.once('disconnect', () => process.kill(process.pid, 'SIGTERM')); // the command line that started it died
      const { runWorker } = await import('../../workers/worker.ts');
      const server = await openTemporal();
      try {
        await runWorker(name, server);
      } finally {
        await server.close();
      }
    });
}
