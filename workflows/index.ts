// What a worker serves.
export { cell } from './cell.ts';
export { cellPage } from './cell-page.ts';
export { experiment } from './experiment.ts';
