// A selection as a table that other programs read.
import type { Embedding } from './embedding.ts';

/** RFC 4180: a line an image, a header first. */
export function selectionCsv(images: readonly number[], embedding: Embedding): string {
  const { classes, labels, positions, predicted, disagreement, silhouette, density } = embedding;
  const header = 'image,class,x,y,predicted,neighbours_of_other_class,silhouette,density';
  const lines = images.map(image =>
    [
      image,
      quoted(classes[labels[image]].name),
      positions[2 * image],
      positions[2 * image + 1],
      quoted(classes[predicted[image]].name),
      disagreement[image].toFixed(4),
      silhouette[image].toFixed(4),
      density[image],
    ].join(','),
  );
  return `${[header, ...lines].join('\r\n')}\r\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
