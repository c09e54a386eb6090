// A ring around one image's point, wherever the view moves it.
import { element } from '../element.ts';
import type { Scatter } from './scatter.ts';

export interface Marker {
  at(image: number | undefined): void;
  /** The view has changed. */
  follow(): void;
}

export function openMarker(frame: HTMLElement, scatter: () => Scatter): Marker {
  const ring = element('div', { className: 'marker', hidden: true });
  frame.append(ring);
  let marked: number | undefined;
  function follow(): void {
    const place = marked === undefined ? undefined : scatter().placeOf(marked);
    ring.hidden = !place;
    if (place) ring.style.translate = `${place[0]}px ${place[1]}px`;
  }
  return {
    at(image) {
      marked = image;
      follow();
    },
    follow,
  };
}
