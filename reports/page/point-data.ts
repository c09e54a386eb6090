// The points of an embedding panel, packed: ten bytes a point, in drawing order.
import { drawingOrder, type EmbeddedCell, squareDomains } from '../figures/embedding.ts';
import type { DatasetResult } from '../result.ts';

/**
 * What the page's script unpacks: base64 of `index` (n × uint32), then `x`, `y`, `class` (n × uint16 each), little-endian.
 * A coordinate is its place in its domain, in 65,535ths: finer than any screen.
 */
export interface PointData {
  readonly n: number;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly classes: readonly string[];
  readonly base64: string;
}

export function pointData(cell: EmbeddedCell, dataset: DatasetResult): PointData {
  const order = drawingOrder(cell);
  const domains = squareDomains(cell);
  const n = order.length;
  const bytes = Buffer.alloc(10 * n);
  order.forEach((image, i) => {
    bytes.writeUInt32LE(image, 4 * i);
    [domains.x, domains.y].forEach(([low, high], axis) => {
      const place = (cell.embedding.data[2 * image + axis] - low) / (high - low);
      bytes.writeUInt16LE(Math.round(place * 65535), 4 * n + 2 * n * axis + 2 * i);
    });
    bytes.writeUInt16LE(cell.labels.data[image], 8 * n + 2 * i);
  });
  return {
    n,
    ...domains,
    classes: dataset.classes.map(({ name }) => name),
    base64: bytes.toString('base64'),
  };
}
