// The thread of tsne.ts that finds where points begin, while neighbours are searched for.
import { workerData } from 'node:worker_threads';
import type { Data } from '../../arrays/array.ts';
import { pcaInitialisation } from './initialisation.ts';

/** The data `[n, d]`, and the result `[n, 2]`. */
export interface InitialisationTask {
  readonly x: Data;
  readonly start: Float64Array;
}

const { x, start }: InitialisationTask = workerData;
pcaInitialisation(x).then(({ data }) => start.set(data));
