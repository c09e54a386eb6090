// One cell that runs: its step and how far it is, in words and as a bar.
import { element } from '../explorer/element.ts';
import { durationText } from '../table/score-text.ts';
import type { LiveCell } from './live-state.ts';
import { stepText } from './words.ts';

/** `name`: how the cell is called on the page. */
export function progressRow(cell: LiveCell, name: Node | string): HTMLLIElement {
  const { step, fraction, text, secondsLeft, attempt, error, status } = cell;
  const left = secondsLeft === undefined ? '' : `${secondsText(secondsLeft)} left`;
  const bar = element('progress', { max: 1, ariaLabel: `${cell.address}, ${step ?? 'waiting'}` });
  if (fraction !== undefined) bar.value = fraction;
  const row = element(
    'li',
    {},
    element('span', { className: 'name' }, name),
    element('span', { className: 'step' }, stepText(cell)),
    status === 'running' && step ? bar : element('span'),
    element('span', { className: 'left' }, left),
    element('span', { className: 'doing' }, step && text !== step ? (text ?? '') : ''),
  );
  if (attempt) row.append(element('span', { className: 'again' }, `Attempt ${attempt}, after ${error}`));
  return row;
}

/** One that failed, by its error's name. */
export function failedRow(cell: LiveCell, name: Node | string): HTMLLIElement {
  const log = cell.log ? [' ', element('a', { href: cell.log }, 'its log')] : [];
  return element(
    'li',
    {},
    element('span', { className: 'name' }, name),
    element('span', { className: 'step absent' }, cell.status),
    element('span', { className: 'again' }, cell.error ?? '', ...log),
  );
}

/** Whole seconds: tenths would say more than is known. */
function secondsText(seconds: number): string {
  return seconds < 10 ? `${Math.round(seconds)} s` : durationText(seconds);
}
