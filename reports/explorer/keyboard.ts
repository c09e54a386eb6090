// The embedding by keyboard: the same as with a mouse.
import type { Scatter } from './scatter/scatter.ts';

export interface KeyActions {
  readonly scatter: Scatter;
  readonly toggleLasso: () => void;
  readonly clear: () => void;
  /** To the next or previous image. */
  readonly step: (by: number) => void;
  readonly focusSearch: () => void;
}

/** Listens on the canvas while it has the focus; `/` is heard on the whole page. */
export function listenToKeys(canvas: HTMLElement, actions: KeyActions): void {
  const { scatter, toggleLasso, clear, step, focusSearch } = actions;
  const stride = 0.25;
  const keys: Record<string, () => void> = {
    ArrowLeft: () => scatter.pan(-stride, 0),
    ArrowRight: () => scatter.pan(stride, 0),
    ArrowUp: () => scatter.pan(0, stride),
    ArrowDown: () => scatter.pan(0, -stride),
    '+': () => scatter.zoom(1.4),
    '=': () => scatter.zoom(1.4),
    '-': () => scatter.zoom(1 / 1.4),
    '0': () => scatter.reset(),
    l: toggleLasso,
    Escape: clear,
    '.': () => step(1),
    ',': () => step(-1),
  };
  canvas.addEventListener('keydown', event => {
    const action = keys[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
  document.addEventListener('keydown', event => {
    const isTyping = event.target instanceof HTMLInputElement;
    if (event.key !== '/' || isTyping) return;
    event.preventDefault();
    focusSearch();
  });
}
