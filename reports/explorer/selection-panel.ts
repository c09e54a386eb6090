// The selected images: how many, of which classes, as a grid, and as a file.
import { element } from './element.ts';
import { type CardSettings, imageTile } from './images/image-card.ts';
import { selectionCsv } from './selection-csv.ts';

const [mostTiles, tilePixels] = [200, 32];

/** Fills `place` with what is selected; `onClear` gives the selection up. */
export function showSelection(
  place: HTMLElement,
  images: readonly number[],
  settings: CardSettings,
  onClear: () => void,
): void {
  if (images.length === 0) {
    place.replaceChildren(
      element(
        'p',
        { className: 'hint' },
        'Nothing is selected: draw a lasso, or find images by number or class.',
      ),
    );
    return;
  }
  const clear = element('button', { type: 'button' }, 'Clear');
  clear.addEventListener('click', onClear);
  const shown = images.slice(0, mostTiles);
  place.replaceChildren(
    element('p', { className: 'count' }, countText(images, settings)),
    element('p', { className: 'buttons' }, downloadLink(images, settings), clear),
    element('div', { className: 'tiles' }, ...shown.map(image => imageTile(image, tilePixels, settings))),
    ...(images.length > mostTiles
      ? [element('p', { className: 'hint' }, `The first ${mostTiles} are shown; the CSV has all.`)]
      : []),
  );
}

/** `37 images: 30 EOS, 7 NEU; of 5 most neighbours are of another class`. */
function countText(images: readonly number[], { embedding }: CardSettings): string {
  const { classes, labels, noClass, predicted } = embedding;
  const counts = new Map<number, number>();
  for (const image of images) counts.set(labels[image], (counts.get(labels[image]) ?? 0) + 1);
  const byClass = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([label, count]) => `${count} ${classes[label].short}`);
  if (noClass === 0) return `${images.length} images`;
  const wrong = images.filter(
    image => labels[image] !== noClass && predicted[image] !== labels[image],
  ).length;
  const noun = images.length === 1 ? 'image' : 'images';
  return `${images.length} ${noun}: ${byClass.join(', ')}; the neighbours of ${wrong} vote for another class`;
}

function downloadLink(images: readonly number[], { embedding }: CardSettings): HTMLAnchorElement {
  const link = element(
    'a',
    { className: 'button', download: fileName(embedding.data.address) },
    'Save as CSV',
  );
  link.href = '#';
  link.addEventListener('click', () => {
    const csv = new Blob([selectionCsv(images, embedding)], { type: 'text/csv' });
    link.href = URL.createObjectURL(csv);
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
  return link;
}

const fileName = (address: string) => `${address.replaceAll('/', '-')}-selection.csv`;
