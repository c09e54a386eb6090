// Two embeddings side by side: what is pointed at or selected in one is seen in the other.
import { aligned } from './align.ts';
import type { CellData, LoadedCells } from './cell-data.ts';
import { classColoursOf, colouringOf } from './colouring.ts';
import { element, find } from './element.ts';
import { type Embedding, inUnitSquare, loadedEmbedding } from './embedding.ts';
import { nameOf } from './image-card.ts';
import { type Marker, openMarker } from './marker.ts';
import { isDark, onSchemeChange, pageColours } from './page-colours.ts';
import { openScatter, type Scatter } from './scatter.ts';
import { openThumbnails } from './thumbnails.ts';

const page = find('.comparison');
const choices = ['a', 'b'].map(side => find<HTMLSelectElement>(`select[name=${side}]`, page));

/** Which two cells, from the address: `#a=<address>&b=<address>`. */
function chooseFromAddress(): void {
  const wanted = new URLSearchParams(location.hash.slice(1));
  for (const choice of choices) {
    const address = wanted.get(choice.name);
    if ([...choice.options].some(({ value }) => value === address)) choice.value = address!;
  }
}

async function compare(): Promise<void> {
  delete page.dataset.ready;
  const [a, b] = await Promise.all(choices.map(({ value }) => load(value)));
  const linked = a.data.dataset === b.data.dataset && a.n === b.n;
  showDifferences();
  await openPair([a, linked ? turnedTo(a, b) : b], linked);
  find('.linked', page).textContent = linked
    ? 'The same images: point at one side and see the image on the other. The right one is turned to lie as the left one does.'
    : 'These are different images: the two sides are not linked.';
  page.dataset.ready = 'true';
}

function turnedTo(fixed: Embedding, moving: Embedding): Embedding {
  const { x, y } = aligned(moving, fixed);
  return { ...moving, ...inUnitSquare(x, y) };
}

async function openPair(pair: readonly Embedding[], linked: boolean): Promise<void> {
  const scatters: Scatter[] = [];
  const markers: Marker[] = [];
  const look = { dark: isDark(), safe: false };
  for (const [side, embedding] of pair.entries()) {
    const frame = find(`[data-side="${side}"]`, page);
    const canvas = element('canvas', { ariaLabel: `${embedding.data.name}: ${embedding.data.title}` });
    canvas.role = 'img';
    frame.replaceChildren(canvas);
    const others = (act: (other: number) => void) => {
      for (const other of [0, 1]) if (other === side || linked) act(other);
    };
    markers.push(openMarker(frame, () => scatters[side]));
    scatters.push(
      await openScatter(canvas, embedding, colouringOf(embedding, 'class', look), pageColours(), {
        onHover: image => {
          others(other => markers[other]?.at(image));
          showImage(embedding, image, classColoursOf(embedding, look));
        },
        onSelect: images => others(other => other !== side && scatters[other].select(images)),
        onView: () => markers[side]?.follow(),
      }),
    );
  }
}

function showImage(embedding: Embedding, image: number | undefined, colours: readonly string[]): void {
  if (image === undefined) return;
  const picture = element('div', { className: 'picture' });
  openThumbnails(embedding.data.thumbnails, page.dataset.root!).show(picture, image, 84);
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
  find('tbody', page).replaceChildren(...body);
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

function load(address: string): Promise<Embedding> {
  const known = (): CellData | undefined =>
    (globalThis as { simcneCells?: LoadedCells }).simcneCells?.[address];
  if (known()) return Promise.resolve(loadedEmbedding(address));
  return new Promise((resolve, reject) => {
    const script = element('script', { src: `${page.dataset.root}data/${address}.js` });
    script.addEventListener('load', () => resolve(loadedEmbedding(address)));
    script.addEventListener('error', () => reject(new Error(`data/${address}.js is not there`)));
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
