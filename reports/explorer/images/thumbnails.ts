// Small pictures of images, cut from the sheets that lie beside the report.
import type { ThumbnailData } from '../cell-data.ts';

export interface Thumbnails {
  /** Makes an element show an image at a size in pixels; nothing where there are no thumbnails. */
  show(element: HTMLElement, image: number, size: number): void;
}

/** @param root the way from the page to the report's folder, e.g. `../../` */
export function openThumbnails(data: ThumbnailData | undefined, root: string): Thumbnails {
  return {
    show(element, image, size) {
      element.style.width = element.style.height = `${size}px`;
      if (!data) return;
      const { files, rows, columns } = data;
      const sheet = Math.floor(image / (rows * columns));
      const place = image % (rows * columns);
      element.style.backgroundImage = `url("${root}${files[sheet]}")`;
      element.style.backgroundSize = `${columns * size}px auto`;
      element.style.backgroundPosition = `${-(place % columns) * size}px ${-Math.floor(place / columns) * size}px`;
    },
  };
}
