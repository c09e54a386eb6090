// An embedding as a picture of its own, drawn point by point: what stands where no script runs.
import sharp from 'sharp';
import type { DatasetResult } from '../result.ts';
import { colourOnDark } from './class-colours.ts';
import { drawingOrder, type EmbeddedCell, squareDomains } from './embedding.ts';

const opacity = 0.85;

/** A square PNG of `size` pixels a side without background, in the colours for a light or a dark one. */
export async function embeddingPicture(
  cell: EmbeddedCell,
  { classes }: DatasetResult,
  { size, dark }: { size: number; dark: boolean },
): Promise<Buffer> {
  const { x, y } = squareDomains(cell);
  const { data, shape } = cell.embedding;
  const radius = Math.sqrt(Math.min(24, Math.max(2, (0.3 * size * size) / shape[0])) / Math.PI);
  const colours = classes.map(({ colour }) => rgbOf(dark ? colourOnDark(colour) : colour));
  const canvas = new Float32Array(4 * size * size); // premultiplied, 0 … 1
  const scale = size / (x[1] - x[0]);
  for (const image of drawingOrder(cell)) {
    const left = (data[2 * image] - x[0]) * scale;
    const top = (y[1] - data[2 * image + 1]) * scale;
    drawDisc(canvas, size, left, top, radius, colours[cell.labels.data[image]]);
  }
  return sharp(straightBytes(canvas), { raw: { width: size, height: size, channels: 4 } })
    .png({ palette: true })
    .toBuffer();
}

type Rgb = readonly [red: number, green: number, blue: number];

function rgbOf(colour: string): Rgb {
  const channels = /^#(..)(..)(..)$/.exec(colour)?.slice(1) ?? ['80', '80', '80'];
  return channels.map(hex => Number.parseInt(hex, 16) / 255) as unknown as Rgb;
}

/** Blends a disc over what is there; a pixel at its rim takes as much of it as it covers. */
function drawDisc(
  canvas: Float32Array,
  size: number,
  left: number,
  top: number,
  radius: number,
  colour: Rgb,
): void {
  for (let row = Math.max(0, Math.floor(top - radius)); row <= Math.min(size - 1, top + radius); row++) {
    const reach = Math.min(size - 1, left + radius);
    for (let column = Math.max(0, Math.floor(left - radius)); column <= reach; column++) {
      const distance = Math.hypot(column + 0.5 - left, row + 0.5 - top);
      const alpha = opacity * Math.min(1, Math.max(0, radius + 0.5 - distance));
      const pixel = 4 * (row * size + column);
      for (let channel = 0; channel < 3; channel++) {
        canvas[pixel + channel] = alpha * colour[channel] + (1 - alpha) * canvas[pixel + channel];
      }
      canvas[pixel + 3] = alpha + (1 - alpha) * canvas[pixel + 3];
    }
  }
}

function straightBytes(canvas: Float32Array): Uint8Array {
  const bytes = new Uint8Array(canvas.length);
  for (let pixel = 0; pixel < canvas.length; pixel += 4) {
    const alpha = canvas[pixel + 3];
    if (alpha === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      bytes[pixel + channel] = Math.round((255 * canvas[pixel + channel]) / alpha);
    }
    bytes[pixel + 3] = Math.round(255 * alpha);
  }
  return bytes;
}
