// A thread for thread.test.ts: answers with its data, through a module of ours.
import { parentPort, workerData } from 'node:worker_threads';
import { sizeOf } from '../../numeric/arrays/array.ts';

parentPort?.postMessage(sizeOf(workerData as number[]));
