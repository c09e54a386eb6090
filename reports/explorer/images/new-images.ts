// Images of one's own on an embedding: dropped or chosen, sent to `simcne serve`, marked where the network puts them.
import { element, find } from '../element.ts';
import { type Embedding, nearestPlaces } from '../embedding.ts';
import type { Scatter } from '../scatter/scatter.ts';
import { type CardSettings, imageTile } from './image-card.ts';

export interface NewImageSettings extends CardSettings {
  readonly scatter: Scatter;
  readonly frame: HTMLElement;
  readonly announce: (text: string) => void;
}

/** What the server answers (activities/new-images.ts). */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly by: 'network' | 'neighbours';
  readonly neighbours: readonly number[];
}

const mostImages = 50;
const mostMegabytes = 32; // as the server has it

/** Wires up the page's `.new-images`; `follow` moves the marks when the view has changed. */
export function openNewImages(page: HTMLElement, settings: NewImageSettings): { follow(): void } {
  const part = find('.new-images', page);
  const { frame, scatter, embedding, announce } = settings;
  const list = find('.new-list', part);
  const problem = find('.problem', part);
  const remove = find('[data-do=remove-images]', part);
  const choose = find<HTMLInputElement>('[name=images]', part);
  const marks: { place: Place; mark: HTMLElement }[] = [];

  function follow(): void {
    for (const { place, mark } of marks) {
      const at = scatter.placeAt(place.x, place.y);
      mark.hidden = !at;
      if (at) mark.style.translate = `${at[0]}px ${at[1]}px`;
    }
  }

  /** One after the other: the server has one network. */
  async function take(files: readonly File[]): Promise<void> {
    const room = mostImages - marks.length;
    const problems =
      files.length > room ? [`The first ${room} of ${files.length} are taken: ${mostImages} in all.`] : [];
    part.dataset.busy = 'true';
    for (const [i, file] of files.slice(0, room).entries()) {
      announce(`image ${i + 1} of ${Math.min(files.length, room)}: ${file.name}`);
      const found = await placeOf(file, page.dataset.address!);
      if (typeof found === 'string') problems.push(found);
      else add(file, found);
      problem.textContent = problems.join('\n');
    }
    problem.textContent = problems.join('\n');
    part.dataset.busy = 'false';
    choose.value = '';
  }

  function add(file: File, place: Place): void {
    const number = marks.length + 1;
    const mark = element('div', { className: 'new-mark', ariaHidden: 'true' }, String(number));
    frame.append(mark);
    marks.push({ place, mark });
    list.append(newImageItem({ file, number, place, mark }, settings));
    remove.hidden = false;
    announce(`${file.name}: ${classesText(place.neighbours, embedding)}`);
    follow();
  }

  remove.addEventListener('click', () => {
    for (const { mark } of marks.splice(0)) mark.remove();
    for (const picture of list.querySelectorAll('img')) URL.revokeObjectURL(picture.src);
    list.replaceChildren();
    problem.textContent = '';
    remove.hidden = true;
    choose.focus();
  });
  choose.addEventListener('change', () => void take([...(choose.files ?? [])]));
  listenToDrops(frame, files => void take(files));
  return { follow };
}

/** The answer of the server, or what went wrong in words. */
async function placeOf(file: File, address: string): Promise<Place | string> {
  if (file.size > mostMegabytes * 2 ** 20)
    return `${file.name}: an image file may have ${mostMegabytes} MB at most`;
  const [, experiment] = location.pathname.split('/');
  const target = `/live/${experiment}/place/${address}?name=${encodeURIComponent(file.name)}`;
  try {
    const response = await fetch(target, { method: 'POST', body: file });
    return response.ok ? ((await response.json()) as Place) : await response.text();
  } catch {
    return `${file.name}: simcne serve cannot be reached`;
  }
}

/** What misses the embedding is not opened in place of the page. */
function listenToDrops(frame: HTMLElement, onFiles: (files: File[]) => void): void {
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  addEventListener('dragover', event => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    frame.dataset.drop = String(frame.contains(event.target as Node));
  });
  addEventListener('dragleave', event => {
    if (event.relatedTarget === null) delete frame.dataset.drop;
  });
  addEventListener('drop', event => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    delete frame.dataset.drop;
    if (frame.contains(event.target as Node)) onFiles([...(event.dataTransfer?.files ?? [])]);
  });
}

interface NewImage {
  file: File;
  number: number;
  place: Place;
  mark: HTMLElement;
}

function newImageItem({ file, number, place, mark }: NewImage, settings: NewImageSettings): HTMLLIElement {
  const { embedding, scatter } = settings;
  const picture = element('img', { src: URL.createObjectURL(file), alt: '', width: 64, height: 64 });
  const show = element('button', { type: 'button', title: 'Go to its place' }, `${number}. ${file.name}`);
  show.addEventListener('click', () =>
    scatter.goTo(nearestPlaces(embedding.positions, [place.x, place.y], 30)),
  );
  const item = element(
    'li',
    {},
    picture,
    element(
      'div',
      {},
      element('p', {}, show),
      element('p', { className: 'hint' }, classesText(place.neighbours, embedding)),
      element(
        'div',
        { className: 'tiles' },
        ...place.neighbours.map(image => imageTile(image, 32, settings)),
      ),
    ),
  );
  const lift = (lifted: boolean) => () => {
    mark.dataset.lifted = String(lifted);
  };
  for (const kind of ['pointerenter', 'focusin']) item.addEventListener(kind, lift(true));
  for (const kind of ['pointerleave', 'focusout']) item.addEventListener(kind, lift(false));
  return item;
}

/** `Of its 12 nearest in feature space: 9 EOS, 3 NEU`. */
function classesText(neighbours: readonly number[], { classes, labels }: Embedding): string {
  const counts = new Map<string, number>();
  for (const image of neighbours) {
    const { short } = classes[labels[image]];
    counts.set(short, (counts.get(short) ?? 0) + 1);
  }
  const words = [...counts].sort(([, a], [, b]) => b - a).map(([short, count]) => `${count} ${short}`);
  return `Of its ${neighbours.length} nearest in feature space: ${words.join(', ')}`;
}
