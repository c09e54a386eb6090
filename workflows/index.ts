// What a worker serves.
export { cell } from './cell.ts';
export { experiment } from './experiment.ts';
