// A layer of very many points becomes a picture, as in the paper's figures: a circle each would make a file of a hundred megabytes.
import { Canvas } from 'canvas';
import { Bounds } from 'vega';

/** What is used of Vega's scene graph: marks hold items, items of groups hold marks. */
export interface Scene {
  marktype?: string;
  items?: Item[];
}

interface Item extends Scene {
  x?: number;
  y?: number;
  size?: number;
  shape?: string;
  fill?: string;
  opacity?: number;
}

/** As many circles are drawn one by one; more would weigh more than the picture of them. */
export const mostCircles = 20_000;
const pixelsPerUnit = 4; // 288 to the inch where a unit is a printer's point

/** Replaces every mark of more than `most` circles below `scene`. */
export function manyPointsAsPictures(scene: Scene, most = mostCircles): void {
  for (const item of scene.items ?? []) {
    if (isCloud(item, most)) Object.assign(item, pictureOf(item.items));
    else manyPointsAsPictures(item, most);
  }
}

function isCloud(mark: Scene, most: number): mark is Scene & { items: Item[] } {
  const { marktype, items = [] } = mark;
  return marktype === 'symbol' && items.length > most && items.every(({ shape }) => shape === 'circle');
}

/** An image mark in place of its circles, at the same place. */
function pictureOf(circles: Item[]) {
  const [left, right] = extentOf(circles, ({ x = 0 }) => x);
  const [top, bottom] = extentOf(circles, ({ y = 0 }) => y);
  const [width, height] = [right - left, bottom - top];
  const canvas = new Canvas(Math.ceil(width * pixelsPerUnit), Math.ceil(height * pixelsPerUnit));
  const context = canvas.getContext('2d');
  context.scale(canvas.width / width, canvas.height / height);
  context.translate(-left, -top);
  for (const { x = 0, y = 0, size = 0, fill = '#000000', opacity = 1 } of circles) {
    context.globalAlpha = opacity;
    context.fillStyle = fill;
    context.beginPath();
    context.arc(x, y, radiusOf(size), 0, 2 * Math.PI);
    context.fill();
  }
  const bounds = new Bounds().set(left, top, right, bottom);
  return {
    marktype: 'image',
    items: [{ x: left, y: top, width, height, image: canvas, aspect: false, bounds }],
  };
}

/** Vega's `size` is the area of the square around a circle. */
const radiusOf = (size: number) => Math.sqrt(size) / 2;

function extentOf(circles: Item[], place: (circle: Item) => number): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const circle of circles) {
    const radius = radiusOf(circle.size ?? 0);
    low = Math.min(low, place(circle) - radius);
    high = Math.max(high, place(circle) + radius);
  }
  return [low, high];
}
