// The legend: what colours mean, and a switch for each class.

import { element } from '../element.ts';
import type { Embedding } from '../embedding.ts';
import type { Colouring } from './colouring.ts';

export interface Legend {
  /** Shows the colours of a colouring, and the classes in theirs. */
  show(colouring: Colouring, classColours: readonly string[]): void;
}

/** `onClasses` is told which classes are to be seen whenever that changes. */
export function openLegend(
  place: HTMLElement,
  { classes, labels }: Embedding,
  onClasses: (visible: ReadonlySet<number>) => void,
): Legend {
  const visible = new Set(classes.keys());
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of labels) counts[label]++;
  const scale = element('div', { className: 'scale', hidden: true });
  const switches = classes.map(({ name, short }, label) => {
    const swatch = element('span', { className: 'swatch' });
    const button = element(
      'button',
      {
        type: 'button',
        ariaPressed: 'true',
        title: `${name}: click hides or shows it, Shift-click shows it alone`,
      },
      swatch,
      element('b', {}, short),
      ' ',
      element('small', {}, counts[label].toLocaleString('en-US')),
    );
    button.addEventListener('click', event => {
      toggle(visible, label, event.shiftKey, classes.length);
      for (const [other, { button: its }] of switches.entries()) its.ariaPressed = String(visible.has(other));
      onClasses(visible);
    });
    return { button, swatch };
  });
  const words = element('ul', { className: 'words', ariaLabel: 'Colours', hidden: true });
  const list = element('ul', { className: 'switches', ariaLabel: 'Classes' });
  list.append(...switches.map(({ button }) => element('li', {}, button)));
  place.replaceChildren(scale, words, list);

  return {
    show({ kind, colours, ends, words: meanings }, classColours) {
      scale.hidden = kind === 'categorical';
      words.hidden = !meanings;
      if (meanings) words.replaceChildren(...meaningItems(meanings, colours));
      if (ends) {
        const bar = element('span', { className: 'bar' });
        bar.style.background = `linear-gradient(to right, ${colours.join(', ')})`;
        scale.replaceChildren(ends[0], bar, ends[1]);
      }
      for (const [label, { swatch }] of switches.entries()) swatch.style.background = classColours[label];
    },
  };
}

const mostWords = 30;

/** What colours stand for, the first of many. */
function meaningItems(words: readonly string[], colours: readonly string[]): HTMLLIElement[] {
  const items = words.slice(0, mostWords).flatMap((word, i) => {
    if (word === '') return [];
    const swatch = element('span', { className: 'swatch' });
    swatch.style.background = colours[i];
    return [element('li', {}, swatch, word)];
  });
  if (words.length > mostWords) items.push(element('li', {}, `and ${words.length - mostWords} more`));
  return items;
}

/** Alone: that class only, or all again where it is alone already. */
function toggle(visible: Set<number>, label: number, alone: boolean, count: number): void {
  if (!alone) {
    if (!visible.delete(label)) visible.add(label);
    return;
  }
  const wasAlone = visible.size === 1 && visible.has(label);
  visible.clear();
  for (let other = 0; other < count; other++) if (wasAlone || other === label) visible.add(other);
}
