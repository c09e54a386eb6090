// The legend: what colours mean, and a switch for each class.
import type { Colouring } from './colouring.ts';
import { element } from './element.ts';
import type { Embedding } from './embedding.ts';

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
  const list = element('ul', { className: 'switches', ariaLabel: 'Classes' });
  list.append(...switches.map(({ button }) => element('li', {}, button)));
  place.replaceChildren(scale, list);

  return {
    show({ kind, colours, ends }, classColours) {
      scale.hidden = kind === 'categorical';
      if (ends) {
        const bar = element('span', { className: 'bar' });
        bar.style.background = `linear-gradient(to right, ${colours.join(', ')})`;
        scale.replaceChildren(ends[0], bar, ends[1]);
      }
      for (const [label, { swatch }] of switches.entries()) swatch.style.background = classColours[label];
    },
  };
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
