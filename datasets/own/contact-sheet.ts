// A sheet of small pictures of a set, to see at a glance whether it was understood: upright, bright enough, in the right class.
import sharp from 'sharp';
import { type NdArray, ndarray } from '../../numeric/arrays/array.ts';
import { distinctColours } from '../class-colours.ts';
import { resizeBicubic } from '../resize.ts';
import { type Fit, fitted } from './fit.ts';
import type { OwnImages } from './own-images.ts';

/** What was seen while the images were read. */
export interface Sheet {
  png: Uint8Array;
  /** Smallest and largest, in pixels, as they are stored. */
  heights: [number, number];
  widths: [number, number];
}

const [tile, frame, columns, mostTiles] = [88, 4, 10, 100]; // pixels; pictures

/** Reads a set once; its sheet shows up to a hundred images, spread over the set, framed in the colours of their classes. */
export async function contactSheet(images: OwnImages, fit: Fit, signal?: AbortSignal): Promise<Sheet> {
  const shown = Math.min(images.n, mostTiles);
  const wanted = new Set(Array.from({ length: shown }, (_, i) => Math.floor((i * images.n) / shown)));
  const colours = distinctColours(images.classes.length).map(rgbOf);
  const [width, height] = [columns * tile, Math.ceil(shown / columns) * tile];
  const sheet = new Uint8Array(width * height * 3).fill(255);
  const sheetInfo: Omit<Sheet, 'png'> = { heights: [Infinity, 0], widths: [Infinity, 0] };
  let [index, placed] = [0, 0];
  for await (const block of images.blocks(signal)) {
    const [n, rows, across] = block.shape;
    widen(sheetInfo.heights, rows);
    widen(sheetInfo.widths, across);
    const length = rows * across * 3;
    for (let i = 0; i < n; i++, index++) {
      if (!wanted.has(index)) continue;
      const image = ndarray(block.data.subarray(i * length, (i + 1) * length), [rows, across, 3]);
      const label = images.labels[index];
      paint(sheet, width, placed++, image, fit, label < 0 ? [160, 160, 160] : colours[label]);
    }
  }
  const png = await sharp(sheet, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return { png, ...sheetInfo };
}

function paint(
  sheet: Uint8Array,
  width: number,
  place: number,
  image: NdArray<Uint8Array>,
  fit: Fit,
  colour: readonly number[],
): void {
  const inner = tile - 2 * frame;
  const { data } = resizeBicubic(fitted(image, fit), inner);
  const [top, left] = [Math.floor(place / columns) * tile, (place % columns) * tile];
  for (let y = 0; y < tile; y++) {
    for (let x = 0; x < tile; x++) {
      const at = 3 * ((top + y) * width + left + x);
      const [v, u] = [y - frame, x - frame];
      const isInner = u >= 0 && v >= 0 && u < inner && v < inner;
      for (let c = 0; c < 3; c++) sheet[at + c] = isInner ? data[3 * (v * inner + u) + c] : colour[c];
    }
  }
}

function rgbOf(colour: string): number[] {
  return [1, 3, 5].map(place => Number.parseInt(colour.slice(place, place + 2), 16));
}

function widen(range: [number, number], value: number): void {
  range[0] = Math.min(range[0], value);
  range[1] = Math.max(range[1], value);
}
