// The points on a canvas: regl-scatterplot with images instead of drawing places, and the page's colours.
import createScatterplot from 'regl-scatterplot';
import type { Embedding } from '../embedding.ts';
import type { Colouring } from './colouring.ts';

export interface ScatterEvents {
  /** The image under the pointer, if any. */
  onHover: (image: number | undefined) => void;
  /** Images that were selected by hand; none when the selection was given up. */
  onSelect: (images: readonly number[]) => void;
  onView?: () => void;
}

export interface Scatter {
  colour(colouring: Colouring): Promise<void>;
  /** Shows these images only; all of them without an argument. */
  show(images?: readonly number[]): Promise<void>;
  select(images: readonly number[]): void;
  /** Marks an image as if the pointer were on it. */
  point(image: number | undefined): void;
  /** Goes near some images. */
  goTo(images: readonly number[]): void;
  useLasso(lasso: boolean): void;
  zoom(factor: number): void;
  /** By shares of what is in view. */
  pan(right: number, up: number): void;
  reset(): void;
  /** Where an image is drawn, in pixels from the canvas's corner. */
  placeOf(image: number): [left: number, top: number] | undefined;
  /** Where a place in the embedding's own units is drawn, inside of the canvas or not. */
  placeAt(x: number, y: number): [left: number, top: number] | undefined;
}

export interface PageColours {
  readonly paper: string;
  readonly ink: string;
  readonly accent: string;
}

type Plot = ReturnType<typeof createScatterplot>;

/** Draws an embedding on a canvas that fills its parent; throws where the browser has no WebGL. */
export async function openScatter(
  canvas: HTMLCanvasElement,
  embedding: Embedding,
  colouring: Colouring,
  colours: PageColours,
  events: ScatterEvents,
): Promise<Scatter> {
  const { order, n } = embedding;
  const placeInOrder = new Uint32Array(n);
  order.forEach((image, place) => {
    placeInOrder[image] = place;
  });
  const points = { x: inOrder(embedding.x, order), y: inOrder(embedding.y, order) };
  const plot = createScatterplot({
    canvas,
    width: 'auto',
    height: 'auto',
    backgroundColor: colours.paper,
    pointSize: pointSize(n),
    pointSizeSelected: 1,
    pointOutlineWidth: 0,
    opacity: n > 50_000 ? 0.55 : 0.85,
    opacityInactiveMax: 0.25,
    colorBy: 'valueA',
    lassoColor: colours.accent,
    lassoLineWidth: 2,
    spatialIndexUseWorker: false,
  } as Parameters<typeof createScatterplot>[0]);
  let spatialIndex: ArrayBuffer | undefined;

  async function colour({ kind, values, colours: palette }: Colouring): Promise<void> {
    setPalette(plot, palette, colours.ink);
    await plot.draw(
      { ...points, valueA: inOrder(values, order) },
      { zDataType: kind, preventFilterReset: true, spatialIndex },
    );
    spatialIndex = plot.get('spatialIndex');
  }

  await colour(colouring);
  plot.subscribe('pointOver', (place: number) => events.onHover(order[place]));
  plot.subscribe('pointOut', () => events.onHover(undefined));
  plot.subscribe('select', ({ points: places }: { points: number[] }) =>
    events.onSelect(Array.from(places, place => order[place])),
  );
  plot.subscribe('deselect', () => events.onSelect([]));
  if (events.onView) plot.subscribe('view', events.onView);
  const places = (images: readonly number[]) => images.map(image => placeInOrder[image]);
  const placeOf = (image: number) =>
    plot.getScreenPosition(placeInOrder[image]) as [number, number] | undefined;
  const ends = ([0, 1] as const).map(axis => extremes(embedding.positions, axis));

  /** The view moves and scales, and never turns: two images say where all else is. */
  function axis(which: 0 | 1, value: number): number | undefined {
    const [low, high] = ends[which];
    const [from, to] = [placeOf(low)?.[which], placeOf(high)?.[which]];
    if (from === undefined || to === undefined) return undefined;
    const [least, most] = [low, high].map(image => embedding.positions[2 * image + which]);
    return from + ((to - from) * (value - least)) / (most - least || 1);
  }

  return {
    colour,
    async show(images) {
      if (images) await plot.filter(places(images), { preventEvent: true });
      else await plot.unfilter({ preventEvent: true });
    },
    select(images) {
      if (images.length > 0) plot.select(places(images), { preventEvent: true });
      else plot.deselect({ preventEvent: true });
    },
    point(image) {
      plot.hover(image === undefined ? -1 : placeInOrder[image], { preventEvent: true });
    },
    goTo(images) {
      void plot.zoomToPoints(places(images), { padding: 0.6, ...transition() });
    },
    useLasso(lasso) {
      plot.set({ mouseMode: lasso ? 'lasso' : 'panZoom' });
    },
    zoom(factor) {
      void plot.zoomToLocation(target(plot), plot.get('cameraDistance') / factor, transition());
    },
    pan(right, up) {
      const [x, y] = target(plot);
      const reach = plot.get('cameraDistance');
      void plot.zoomToLocation([x + right * reach, y + up * reach], reach, transition());
    },
    reset() {
      void plot.zoomToOrigin(transition());
    },
    placeOf,
    placeAt(x, y) {
      const [left, top] = [axis(0, x), axis(1, y)];
      return left === undefined || top === undefined ? undefined : [left, top];
    },
  };
}

/** Selected and hovered points keep the colour that says what they are. */
function setPalette(plot: Plot, palette: readonly string[], ink: string): void {
  const colours = [...palette];
  plot.set({
    pointColor: colours,
    pointColorActive: colours as unknown as string, // lists are read too, though the types say one
    pointColorHover: ink,
  });
}

function target(plot: Plot): [number, number] {
  const [x, y] = plot.get('cameraTarget');
  return [x, y];
}

/** Movement only for those who like it. */
function transition() {
  return { transition: !matchMedia('(prefers-reduced-motion: reduce)').matches, transitionDuration: 250 };
}

/** Pixels: as large as fits, within what is still a point. */
function pointSize(n: number): number {
  return Math.min(7, Math.max(1.5, 330 / Math.sqrt(n)));
}

/** The images with the lowest and the highest place on an axis. */
function extremes(positions: Float32Array, axis: 0 | 1): [low: number, high: number] {
  let [low, high] = [0, 0];
  for (let image = 1; 2 * image < positions.length; image++) {
    const place = positions[2 * image + axis];
    if (place < positions[2 * low + axis]) low = image;
    if (place > positions[2 * high + axis]) high = image;
  }
  return [low, high];
}

function inOrder(values: Float32Array, order: Int32Array): Float32Array {
  return Float32Array.from(order, image => values[image]);
}
