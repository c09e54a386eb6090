// What is known of one image: large, with its class, its scores and its nearest neighbours.
import { element } from './element.ts';
import type { Embedding } from './embedding.ts';
import type { Thumbnails } from './thumbnails.ts';

export interface CardSettings {
  readonly embedding: Embedding;
  readonly thumbnails: Thumbnails;
  readonly colourOfClass: (label: number) => string;
  /** An image of the card was pointed at, or no longer. */
  readonly onPoint: (image: number | undefined) => void;
  readonly onChoose: (image: number) => void;
}

const [largePixels, smallPixels] = [112, 36];

/** Fills `place` with the card of an image. */
export function showImageCard(place: HTMLElement, image: number, settings: CardSettings): void {
  const { embedding, thumbnails, colourOfClass } = settings;
  const picture = element('div', { className: 'picture', role: 'img', ariaLabel: nameOf(image, embedding) });
  thumbnails.show(picture, image, largePixels);
  picture.style.setProperty('--class', colourOfClass(embedding.labels[image]));
  const neighbours = embedding.neighboursOf(image).map(other => imageTile(other, smallPixels, settings));
  const where = embedding.data.neighbours ? 'in feature space' : 'in the embedding';
  place.replaceChildren(
    element('div', { className: 'facts' }, picture, facts(image, embedding)),
    element('h3', {}, `Nearest ${where}`),
    element('div', { className: 'tiles' }, ...neighbours),
  );
}

/** A small picture that can be pointed at and chosen, framed in its class's colour. */
export function imageTile(
  image: number,
  size: number,
  { embedding, thumbnails, colourOfClass, onPoint, onChoose }: CardSettings,
): HTMLButtonElement {
  const tile = element('button', {
    type: 'button',
    className: 'tile',
    title: nameOf(image, embedding),
    ariaLabel: nameOf(image, embedding),
  });
  tile.dataset.image = String(image);
  tile.style.setProperty('--class', colourOfClass(embedding.labels[image]));
  thumbnails.show(tile, image, size);
  tile.addEventListener('pointerenter', () => onPoint(image));
  tile.addEventListener('pointerleave', () => onPoint(undefined));
  tile.addEventListener('focus', () => onPoint(image));
  tile.addEventListener('blur', () => onPoint(undefined));
  tile.addEventListener('click', () => onChoose(image));
  return tile;
}

/** `image 12, eosinophil`. */
export function nameOf(image: number, { classes, labels }: Embedding): string {
  return `image ${image}, ${classes[labels[image]].name}`;
}

function facts(image: number, { classes, labels, predicted, disagreement, silhouette }: Embedding) {
  const right = predicted[image] === labels[image];
  const known: [string, string][] = [
    ['image', String(image)],
    ['class', classes[labels[image]].name],
    ['its neighbours say', right ? 'the same' : classes[predicted[image]].name],
    ['of another class', `${Math.round(disagreement[image] * 100)} % of them`],
    ['silhouette', silhouette[image].toFixed(2).replace('-', '−')],
  ];
  const list = element('dl');
  for (const [name, value] of known) {
    list.append(element('div', {}, element('dt', {}, `${name} `), element('dd', {}, value)));
  }
  return list;
}
