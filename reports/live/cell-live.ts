// A cell's page while it is made: its steps, how far the present one is, and how its network learns.
import { element, find } from '../explorer/element.ts';
import { curve } from './curve.ts';
import { isOpen, type LiveCell, type LiveState } from './live-state.ts';
import type { LivePage } from './overview-live.ts';
import { failedRow, progressRow } from './progress-row.ts';
import { replaceContents } from './swap-content.ts';

export function openCellPage(address: string): LivePage {
  const panel = element('section', { className: 'live', ariaLabel: 'Progress', hidden: true });
  find('main').before(panel);
  const isExplored = document.querySelector('.explorer') !== null;
  let renderedAt: string | undefined;
  let finishedAt: string | undefined;

  return {
    show(state) {
      const cell = state.cells.find(one => one.address === address);
      const isNewer = renderedAt !== undefined && renderedAt !== state.renderedAt;
      const isMadeAgain = finishedAt !== undefined && finishedAt !== (cell?.finishedAt ?? finishedAt);
      renderedAt = state.renderedAt;
      finishedAt ??= cell?.finishedAt ?? '';
      if (!cell) return;
      if (isNewer && !isExplored && !isOpen(cell)) return location.reload(); // there was nothing yet that one could lose
      if (isOpen(cell)) show(panel, progress(cell, state));
      else if (isMadeAgain) show(panel, [madeAgain(cell)]);
      else panel.hidden = true;
      panel.dataset.runs = String(isOpen(cell));
    },
    lost() {
      if (!panel.hidden && !panel.querySelector('.lost')) panel.append(lostNote()); // what was known last stays
      panel.dataset.runs = 'false';
    },
  };
}

function show(panel: HTMLElement, contents: Node[]): void {
  panel.hidden = false;
  replaceContents(panel, contents);
}

function progress(cell: LiveCell, { temporalUi, experiment }: LiveState): Node[] {
  const { training } = cell;
  const place = cell.step === undefined ? -1 : cell.steps.indexOf(cell.step);
  const steps = element('ol', { className: 'live-steps' });
  for (const [i, name] of cell.steps.entries()) {
    const state = i < place ? 'done' : i === place ? 'now' : 'to come';
    const step = element('li', { title: `${name}: ${state}` }, name);
    step.dataset.state = state;
    if (i === place) step.ariaCurrent = 'step';
    steps.append(step);
  }
  const rows = element('ul', { className: 'live-cells' }, progressRow(cell, 'This cell'));
  const curves = element('div', { className: 'live-curves' });
  if (training && training.losses.length > 0) {
    const { losses, learningRates, stages } = training;
    curves.append(
      curve({ label: 'loss', values: losses, stages }),
      curve({ label: 'learning rate', values: learningRates, stages, logarithmic: true }),
    );
  }
  const links = element('p', { className: 'note' });
  if (temporalUi) {
    const href = `${temporalUi}/workflows/${encodeURIComponent(`${experiment}/${cell.address}`)}`;
    links.append(element('a', { href, rel: 'noreferrer' }, 'its workflow in the Temporal UI'), ' · ');
  }
  if (cell.log) links.append(element('a', { href: cell.log }, `log of ${cell.step}`));
  return [steps, rows, curves, links];
}

function lostNote(): Node {
  const text = 'simcne serve has ended or cannot be reached: this is what was known last.';
  return element('p', { className: 'note lost', role: 'status' }, text);
}

/** The page stays as it is until the reader wants the new one: a view or a selection may be worth more. */
function madeAgain(cell: LiveCell): Node {
  if (cell.status === 'failed') {
    return element('ul', { className: 'live-cells' }, failedRow(cell, 'Made again'));
  }
  const button = element('button', { type: 'button' }, 'Show the new one');
  button.addEventListener('click', () => location.reload());
  return element('p', { role: 'status' }, 'This cell was made again. ', button);
}
