// A selection as a table that other programs read.
import { csvText } from '../table/csv.ts';
import type { Embedding } from './embedding.ts';

/** A line an image, a header first. */
export function selectionCsv(images: readonly number[], embedding: Embedding): string {
  const { classes, labels, positions, predicted, disagreement, silhouette, density, known, noClass } =
    embedding;
  const isScored = (image: number) => labels[image] !== noClass;
  const columns = known?.columns ?? [];
  const header = [
    ...(known ? ['image', 'file'] : ['image']),
    ...'class,x,y,predicted,neighbours_of_other_class,silhouette,density'.split(','),
    ...columns.map(({ name }) => name),
  ];
  const lines = images.map(image => [
    image,
    ...(known ? [known.files[image]] : []),
    isScored(image) ? classes[labels[image]].name : '',
    positions[2 * image],
    positions[2 * image + 1],
    predicted[image] === noClass ? '' : classes[predicted[image]].name,
    isScored(image) ? disagreement[image].toFixed(4) : '',
    isScored(image) ? silhouette[image].toFixed(4) : '',
    density[image],
    ...columns.map(({ values }) => values[image]),
  ]);
  return csvText([header, ...lines]);
}
