// Workers as a cluster runs them: a process a queue, started again whenever it ends.
import type { ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSimcne } from '../integration/command-line.ts';

export interface ClusterWorkers {
  /** Asks them to end, and waits until they have. */
  stop(): Promise<void>;
}

/** Their words go to `<home>/workers.log`. `command` is another version's. */
export function startClusterWorkers(
  home: string,
  { env, command }: { env: NodeJS.ProcessEnv; command?: string },
): ClusterWorkers {
  let isStopping = false;
  const running = new Map<string, ChildProcess>();
  const keep = async (queue: string) => {
    while (!isStopping) {
      const worker = startSimcne(home, ['worker', '--queue', queue], env, command);
      running.set(queue, worker.process);
      const { stderr } = await worker.ended;
      appendFileSync(path.join(home, 'workers.log'), `${queue}: ${stderr}\n`);
      if (!isStopping) await sleep(1_000);
    }
  };
  const kept = ['cpu', 'train'].map(keep);
  return {
    async stop() {
      isStopping = true;
      for (const worker of running.values()) worker.kill('SIGTERM');
      await Promise.all(kept);
    },
  };
}
