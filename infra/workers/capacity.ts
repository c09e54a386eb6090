// How much a worker does at once, by the cores and the memory that it may use: those of its container, where that has fewer than the machine.
import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { QueueName } from './queue-names.ts';

const lanes = 2; // of a worker of queue `cpu`: its two task queues
const gibibyte = 2 ** 30;
/** What a step may need: twice what t-SNE of 17,092 × 2,352 takes, which leaves room for a training beside the steps. */
const stepBytes = 2 * gibibyte;

export interface Resources {
  cores: number;
  memoryBytes: number;
}

export interface Capacity {
  /** Steps at once in each lane: of a task queue. */
  slots: number;
  /** Threads that each step may start; results do not depend on it. */
  threads: number;
}

/** The rule in words, for whoever asks what a worker will do. */
export const capacityRule =
  'as many CPU steps at once as there are cores, half of them in each of two lanes (two at least, and no more than 2 GiB of memory each allow), with twice their share of the cores as threads; one training, on all cores';

/**
 * What a worker does at once where nobody says otherwise. Lanes are seldom full, so that a step's threads are twice its share of the
 * cores: however many cores there are, steps together start at most about four threads a core.
 */
export function capacityOf(
  queue: QueueName,
  { slots, threads }: Partial<Capacity> = {},
  { cores, memoryBytes }: Resources = resources(),
): Capacity {
  const perLane = Math.max(2, Math.ceil(cores / lanes));
  const inMemory = Math.max(1, Math.floor(memoryBytes / (lanes * stepBytes)));
  const atOnce = slots ?? (queue === 'train' ? 1 : Math.min(perLane, inMemory));
  return { slots: atOnce, threads: threads ?? Math.min(cores, Math.ceil((2 * cores) / atOnce)) };
}

/** What this process may use. */
export function resources(): Resources {
  const limit = process.constrainedMemory(); // 0, or more than there is, where there is none
  const memoryBytes = Math.min(totalmem(), limit || Number.POSITIVE_INFINITY);
  return { cores: Math.min(availableParallelism(), coresOfQuota(cpuMax())), memoryBytes };
}

/** The whole cores in the quota of a control group (`cpu.max`: microseconds of computing in each period), one at least; else no limit. */
export function coresOfQuota(cpuMax: string): number {
  const [, quota, period] = /^(\d+) (\d+)/.exec(cpuMax) ?? [];
  return quota ? Math.max(1, Math.floor(Number(quota) / Number(period))) : Number.POSITIVE_INFINITY;
}

/** libuv counts the quota from 1.49 on only (Node.js 24); before, the number of processors alone. */
function cpuMax(): string {
  try {
    return readFileSync('/sys/fs/cgroup/cpu.max', 'utf8');
  } catch {
    return ''; // another system, or no limit
  }
}
