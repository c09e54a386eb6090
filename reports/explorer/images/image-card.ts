// What is known of one image: large, with its class, its scores and its nearest neighbours.
import { element } from '../element.ts';
import type { Embedding } from '../embedding.ts';
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

/** `image 12, eosinophil`; with its file, where that is known. */
export function nameOf(image: number, { classes, labels, known }: Embedding): string {
  return [`image ${image}`, known?.files[image], classes[labels[image]].name].filter(Boolean).join(', ');
}

function facts(image: number, embedding: Embedding) {
  const { classes, labels, known } = embedding;
  const columns = known?.columns.map(({ name, values }): [string, string] => [name, values[image]]) ?? [];
  const lines: [string, string][] = [
    ['image', String(image)],
    ...(known ? [['file', known.files[image]] as [string, string]] : []),
    ['class', classes[labels[image]].name],
    ...columns.filter(([, value]) => value !== ''),
    ...scoresOf(image, embedding),
  ];
  const list = element('dl');
  for (const [name, value] of lines) {
    list.append(element('div', {}, element('dt', {}, `${name} `), element('dd', {}, value)));
  }
  return list;
}

/** What its neighbours say; of an image without a class that is all there is to say. */
function scoresOf(
  image: number,
  { classes, labels, noClass, predicted, disagreement, silhouette }: Embedding,
): [string, string][] {
  const said = predicted[image] === labels[image] ? 'the same' : classes[predicted[image]].name;
  if (labels[image] === noClass) return predicted[image] === noClass ? [] : [['its neighbours say', said]];
  return [
    ['its neighbours say', said],
    ['of another class', `${Math.round(disagreement[image] * 100)} % of them`],
    ['silhouette', silhouette[image].toFixed(2).replace('-', '−')],
  ];
}
