// Two embeddings side by side: what is pointed at or selected in one is seen in the other.

import type { LoadedCells } from './cell-data.ts';
import { element, find } from './element.ts';
import { type Embedding, inUnitSquare, loadedEmbedding } from './embedding.ts';
import { nameOf } from './images/image-card.ts';
import { type SharedImages, sharedImages } from './images/shared-images.ts';
import { openThumbnails } from './images/thumbnails.ts';
import { type Places, turning } from './scatter/align.ts';
import { classColoursOf, colouringOf } from './scatter/colouring.ts';
import { type Marker, openMarker } from './scatter/marker.ts';
import { isDark, onSchemeChange, pageColours } from './scatter/page-colours.ts';
import { openScatter, type Scatter } from './scatter/scatter.ts';

const page = find('.comparison');
const choices = ['a', 'b'].map(side => find<HTMLSelectElement>(`select[name=${side}]`, page));

/** Which two cells, from the address: `#a=<choice>&b=<choice>`. */
function chooseFromAddress(): void {
  const wanted = new URLSearchParams(location.hash.slice(1));
  for (const choice of choices) {
    const value = wanted.get(choice.name);
    if ([...choice.options].some(option => option.value === value)) choice.value = value!;
  }
}

async function compare(): Promise<void> {
  delete page.dataset.ready;
  const [a, b] = await Promise.all(choices.map(choice => load(choice.selectedOptions[0])));
  const shared = sharedImages(a, b);
  const isLinked = shared.left.length > 1;
  showDifferences();
  await openPair([a, isLinked ? turnedTo(a, b, shared) : b], shared);
  find('.linked', page).textContent = isLinked ? linkText(shared.left.length, a.n, b.n) : unlinked;
  page.dataset.ready = 'true';
}

const unlinked = 'These are different images: the two sides are not linked.';

function linkText(shared: number, a: number, b: number): string {
  const [count, ofA, ofB] = [shared, a, b].map(number => number.toLocaleString('en-US'));
  const which =
    shared === a && shared === b
      ? 'The same images'
      : `Both have ${count} images (of ${ofA} on the left, ${ofB} on the right)`;
  return `${which}: point at one side and see the image on the other. The right one is turned to lie as the left one does.`;
}

/** As the images lie that both have. */
function turnedTo(fixed: Side, moving: Side, { left, right }: SharedImages): Side {
  const at = ({ x, y }: Places, images: Int32Array): Places => ({
    x: Float32Array.from(images, image => x[image]),
    y: Float32Array.from(images, image => y[image]),
  });
  const { x, y } = turning(at(moving, right), at(fixed, left))(moving);
  return { ...moving, ...inUnitSquare(x, y) };
}

async function openPair(pair: readonly Side[], shared: SharedImages): Promise<void> {
  const scatters: Scatter[] = [];
  const markers: Marker[] = [];
  const look = { dark: isDark(), safe: false };
  for (const [side, embedding] of pair.entries()) {
    const frame = find(`[data-side="${side}"]`, page);
    const canvas = element('canvas', { ariaLabel: `${embedding.data.name}: ${embedding.data.title}` });
    canvas.role = 'img';
    frame.replaceChildren(canvas);
    const from = side as 0 | 1;
    const other = 1 - side;
    markers.push(openMarker(frame, () => scatters[side]));
    scatters.push(
      await openScatter(canvas, embedding, colouringOf(embedding, 'class', look), pageColours(), {
        onHover: image => {
          markers[side].at(image);
          markers[other]?.at(image === undefined ? undefined : shared.counterpart(image, from));
          showImage(embedding, image, classColoursOf(embedding, look));
        },
        onSelect: images =>
          scatters[other]?.select(images.flatMap(image => shared.counterpart(image, from) ?? [])),
        onView: () => markers[side]?.follow(),
      }),
    );
  }
}

function showImage(embedding: Side, image: number | undefined, colours: readonly string[]): void {
  if (image === undefined) return;
  const picture = element('div', { className: 'picture' });
  openThumbnails(embedding.data.thumbnails, embedding.root).show(picture, image, 84);
  picture.style.setProperty('--class', colours[embedding.labels[image]]);
  find('.card-place', page).replaceChildren(picture, element('p', {}, nameOf(image, embedding)));
}

/** Only the rows of the two cells that are compared, and how far they are apart. */
function showDifferences(): void {
  const rows = JSON.parse(find('.facts-of-cells', page).textContent!) as Record<string, Fact[]>;
  const [a, b] = choices.map(({ value }) => rows[value]);
  const body = a.map((fact, i) => {
    const other = b[i];
    const difference =
      fact.value === undefined || other.value === undefined
        ? fact.text === other.text
          ? ''
          : 'differs'
        : signed(other.value - fact.value, fact.decimals ?? 0);
    const row = element('tr', {}, element('th', { scope: 'row' }, fact.name));
    row.append(...[fact.text, other.text, difference].map(text => element('td', {}, text)));
    return row;
  });
  find('.of-cells tbody', page).replaceChildren(...body);
}

/** One line of the comparison: `value` where it is a number, `text` as it is shown. */
interface Fact {
  readonly name: string;
  readonly text: string;
  readonly value?: number;
  readonly decimals?: number;
}

function signed(value: number, decimals: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(decimals)}`;
}

/** An embedding, and the way from the page to the folder of its images. */
type Side = Embedding & { readonly root: string };

const loaded = new Map<string, Side>();

/** Choices of two experiments can have the same address: what a script has brought is taken over by its choice. */
function load({ value, dataset: { address, root } }: HTMLOptionElement): Promise<Side> {
  const known = loaded.get(value);
  if (known) return Promise.resolve(known);
  return new Promise((resolve, reject) => {
    const script = element('script', { src: `${root}data/${address}.js` });
    script.addEventListener('load', () => {
      const side = { ...loadedEmbedding(address!), root: root! };
      delete (globalThis as { simcneCells?: LoadedCells }).simcneCells![address!];
      loaded.set(value, side);
      resolve(side);
    });
    script.addEventListener('error', () => reject(new Error(`${root}data/${address}.js is not there`)));
    document.head.append(script);
  });
}

function start(): void {
  compare().catch((error: Error) => {
    find('.linked', page).textContent = `These cannot be compared here: ${error.message}`;
    console.error(error);
  });
}

chooseFromAddress();
for (const choice of choices) {
  choice.addEventListener('change', () => {
    history.replaceState(null, '', `#a=${choices[0].value}&b=${choices[1].value}`);
    start();
  });
}
addEventListener('hashchange', () => {
  chooseFromAddress();
  start();
});
onSchemeChange(start);
start();
