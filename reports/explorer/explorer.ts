// Explores the embedding of one cell: what the script of a cell's page starts.

import { element, find } from './element.ts';
import { type Embedding, loadedEmbedding } from './embedding.ts';
import { type CardSettings, nameOf, showImageCard } from './images/image-card.ts';
import { openNewImages } from './images/new-images.ts';
import { searchImages } from './images/search.ts';
import { openThumbnails } from './images/thumbnails.ts';
import { listenToKeys } from './keyboard.ts';
import {
  type Colouring,
  type ColouringName,
  type ColumnColouring,
  classColoursOf,
  colouringOf,
  type Look,
} from './scatter/colouring.ts';
import { openLegend } from './scatter/legend.ts';
import { openMarker } from './scatter/marker.ts';
import { isDark, onSchemeChange, pageColours } from './scatter/page-colours.ts';
import { openScatter, type Scatter } from './scatter/scatter.ts';
import { showSelection } from './selection-panel.ts';

/** Wires up the page's `.explorer`; `data-address` and `data-root` say which cell, and where the report's folder is. */
async function explore(page: HTMLElement): Promise<void> {
  const embedding = loadedEmbedding(page.dataset.address!);
  const parts = partsOf(page);
  offerColumns(parts.colouring, embedding);
  const colouringName = () => parts.colouring.value as ColouringName | ColumnColouring;
  const look = (): Look => ({ dark: isDark(), safe: parts.safe.checked });
  let classColours = classColoursOf(embedding, look());
  let selected: readonly number[] = [];
  let hovered: number | undefined;
  let scatter: Scatter;
  let newImages: { follow(): void } | undefined;

  const marker = openMarker(parts.frame, () => scatter);
  const settings: CardSettings = {
    embedding,
    thumbnails: openThumbnails(embedding.data.thumbnails, page.dataset.root!),
    colourOfClass: label => classColours[label],
    onPoint: point,
    onChoose: image => select([image], true),
  };
  const legend = openLegend(parts.legend, embedding, visible => {
    void scatter.show(visible.size < embedding.classes.length ? imagesOf(embedding, visible) : undefined);
  });

  scatter = await openScatter(parts.canvas, embedding, currentColouring(), pageColours(), {
    onHover: image => {
      hovered = image;
      showCard();
    },
    onSelect: images => select(images, false),
    onView: () => {
      marker.follow();
      newImages?.follow();
    },
  });
  showColours();
  showSelection(parts.selection, [], settings, clear);
  if (takesNewImages(page)) {
    const announce = (text: string) => {
      parts.announcement.textContent = text;
    };
    newImages = openNewImages(page, { ...settings, scatter, frame: parts.frame, announce });
  }
  listen();
  page.dataset.ready = 'true';

  function currentColouring(): Colouring {
    return colouringOf(embedding, colouringName(), look());
  }

  function showColours(): void {
    classColours = classColoursOf(embedding, look());
    const colouring = currentColouring();
    legend.show(colouring, classColours);
    void scatter.colour(colouring);
    showCard();
    showSelection(parts.selection, selected, settings, clear);
  }

  /** The image under the pointer; without one, that which is selected alone. */
  function showCard(): void {
    const image = hovered ?? (selected.length === 1 ? selected[0] : undefined);
    if (image === undefined) return;
    showImageCard(parts.card, image, settings);
  }

  function point(image: number | undefined): void {
    marker.at(image ?? (selected.length === 1 ? selected[0] : undefined));
  }

  function select(images: readonly number[], show: boolean): void {
    selected = images;
    hovered = undefined;
    if (show) scatter.select(images);
    point(undefined);
    showCard();
    showSelection(parts.selection, images, settings, clear);
    parts.announcement.textContent =
      images.length === 1 ? nameOf(images[0], embedding) : `${images.length} images selected`;
  }

  function clear(): void {
    select([], true);
  }

  function useLasso(lasso: boolean): void {
    parts.lasso.ariaPressed = String(lasso);
    parts.canvas.dataset.lasso = String(lasso);
    scatter.useLasso(lasso);
  }

  function search(): void {
    const result = searchImages(parts.query.value, embedding);
    parts.problem.textContent = 'problem' in result ? result.problem : '';
    if ('problem' in result) return;
    select(result.images, true);
    if (result.images.length > 0) scatter.goTo(result.images);
  }

  function listen(): void {
    const toggleLasso = () => useLasso(parts.lasso.ariaPressed !== 'true');
    parts.colouring.addEventListener('change', showColours);
    parts.safe.addEventListener('change', showColours);
    onSchemeChange(showColours);
    parts.lasso.addEventListener('click', toggleLasso);
    parts.zoomIn.addEventListener('click', () => scatter.zoom(1.4));
    parts.zoomOut.addEventListener('click', () => scatter.zoom(1 / 1.4));
    parts.whole.addEventListener('click', () => scatter.reset());
    parts.search.addEventListener('submit', event => {
      event.preventDefault();
      search();
    });
    listenToKeys(parts.canvas, {
      scatter,
      toggleLasso,
      clear,
      step: by => {
        const from = selected.length === 1 ? selected[0] : by > 0 ? -1 : 0;
        select([(from + by + embedding.n) % embedding.n], true);
      },
      focusSearch: () => parts.query.focus(),
    });
  }
}

function partsOf(page: HTMLElement) {
  return {
    frame: find('.frame', page),
    canvas: find<HTMLCanvasElement>('canvas', page),
    colouring: find<HTMLSelectElement>('[name=colouring]', page),
    safe: find<HTMLInputElement>('[name=safe]', page),
    lasso: find('[data-do=lasso]', page),
    zoomIn: find('[data-do=zoom-in]', page),
    zoomOut: find('[data-do=zoom-out]', page),
    whole: find('[data-do=whole]', page),
    search: find<HTMLFormElement>('form', page),
    query: find<HTMLInputElement>('[name=query]', page),
    problem: find('.problem', page),
    legend: find('.legend-place', page),
    card: find('.card-place', page),
    selection: find('.selection-place', page),
    announcement: find('[aria-live]', page),
  };
}

/** What is known of the images can colour them, too; without classes there is no error and no silhouette to show. */
function offerColumns(colouring: HTMLSelectElement, { known, noClass }: Embedding): void {
  if (noClass === 0) for (const name of ['error', 'silhouette']) find(`[value=${name}]`, colouring).remove();
  for (const [i, { name }] of (known?.columns ?? []).entries()) {
    colouring.append(element('option', { value: `column ${i}` }, name));
  }
}

/** Where `simcne serve` is behind the page, and the cell has a network. */
function takesNewImages(page: HTMLElement): boolean {
  return 'served' in document.documentElement.dataset && page.querySelector('.new-images') !== null;
}

function imagesOf({ labels }: Embedding, visible: ReadonlySet<number>): number[] {
  const images: number[] = [];
  labels.forEach((label, image) => {
    if (visible.has(label)) images.push(image);
  });
  return images;
}

const page = find('.explorer');
explore(page).catch((error: Error) => {
  const note = find('.no-canvas', page);
  note.hidden = false;
  note.textContent = `The embedding cannot be explored here: ${error.message}`;
  console.error(error);
});
