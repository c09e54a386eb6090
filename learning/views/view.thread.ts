// A thread that writes views: it takes tasks one after the other, and answers each with its slot when it is done.
import { parentPort, workerData } from 'node:worker_threads';
import type { ViewThreadData } from './batch-writer.ts';
import { type ViewTask, viewWriter } from './view-writer.ts';

const { settings, slots } = workerData as ViewThreadData;
const write = viewWriter(settings);

parentPort!.on('message', ({ slot, task }: { slot: number; task: ViewTask }) => {
  write(task, slots[slot]);
  parentPort!.postMessage(slot);
});
