// A thread that writes views: it takes tasks one after the other, and answers each with its slot when it is done.
import { parentPort, workerData } from 'node:worker_threads';
import type { ViewThreadData } from './batch-writer.ts';
import { openViewWriter, type ViewTask } from './view-writer.ts';

const { settings, slots } = workerData as ViewThreadData;
const views = openViewWriter(settings); // a file that it opens is closed when the thread ends

parentPort!.on('message', ({ slot, task }: { slot: number; task: ViewTask }) => {
  views.write(task, slots[slot]);
  parentPort!.postMessage(slot);
});
