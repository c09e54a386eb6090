// The overview while its experiment runs: what goes on stands below the title, numbers and pictures come as cells end.
import { element, find } from '../explorer/element.ts';
import { curve } from './curve.ts';
import { isOpen, type LiveCell, type LiveState } from './live-state.ts';
import { failedRow, progressRow } from './progress-row.ts';
import { replaceContents, swapContent } from './swap-content.ts';
import { countsText, leftText, runs, stepText } from './words.ts';

export interface LivePage {
  show(state: LiveState): void;
  /** The server does not answer. */
  lost(): void;
}

export function openOverview(): LivePage {
  const summary = element('span', { role: 'status' });
  const workflow = element('a', { rel: 'noreferrer', hidden: true }, 'In the Temporal UI');
  const rows = element('ul', { className: 'live-cells' });
  const panel = element(
    'section',
    { className: 'live', ariaLabel: 'Progress', hidden: true },
    element('p', { className: 'live-summary' }, summary, ' ', workflow),
    rows,
  );
  find('main').before(panel);
  let renderedAt: string | undefined;
  let hasRun = false;

  return {
    show(state) {
      const { cells } = state;
      hasRun ||= runs(state);
      say(summaryOf(state, hasRun), runs(state));
      workflow.hidden = !state.temporalUi || !hasRun;
      workflow.href = `${state.temporalUi}/workflows/${encodeURIComponent(state.experiment)}`;
      const failed = hasRun ? cells.filter(({ status }) => status === 'failed') : [];
      replaceContents(rows, [
        ...cells.filter(({ step }) => step !== undefined).map(openRow),
        ...failed.map(cell => failedRow(cell, nameOf(cell))),
      ]);
      for (const cell of cells.filter(isOpen)) fillIn(cell);
      if (renderedAt !== undefined && renderedAt !== state.renderedAt) void renew(state);
      renderedAt = state.renderedAt;
    },
    lost() {
      say('simcne serve has ended or cannot be reached: this page shows what was known last.', false);
    },
  };

  /** Only what is new: else a screen reader would say the same again and again. */
  function say(text: string, running: boolean): void {
    panel.hidden = false;
    panel.dataset.runs = String(running);
    if (text !== summary.textContent) summary.textContent = text;
  }

  async function renew({ cells }: LiveState): Promise<void> {
    await swapContent();
    for (const cell of cells.filter(isOpen)) fillIn(cell);
  }
}

function summaryOf(state: LiveState, hasRun: boolean): string {
  if (!state.answers) return 'The Temporal server does not answer; what has ended is shown.';
  if (!runs(state)) return hasRun ? `Ended: ${countsText(state.cells)}.` : 'Nothing runs now.';
  return `Running: ${[countsText(state.cells), leftText(state)].filter(Boolean).join('; ')}.`;
}

function openRow(cell: LiveCell): HTMLLIElement {
  const row = progressRow(cell, nameOf(cell));
  const { training } = cell;
  if (training && training.losses.length > 1) {
    row.append(curve({ label: 'loss', values: training.losses, stages: training.stages }));
  }
  return row;
}

/** The cell's name as its card has it, leading to its page. */
function nameOf({ address }: LiveCell): Node | string {
  const link = document.getElementById(address)?.querySelector<HTMLAnchorElement>('h4 a');
  return link ? element('a', { href: link.href }, link.textContent ?? address) : address;
}

/** In table and card, where there is no number yet: what is being done. */
function fillIn(cell: LiveCell): void {
  const text = stepText(cell);
  const page = `cells/${cell.address}.html`;
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.results a.absent')) {
    if (link.getAttribute('href') === page) link.textContent = text;
  }
  const card = document.getElementById(cell.address);
  for (const place of card?.querySelectorAll('.no-embedding, .scores .absent') ?? [])
    place.textContent = text;
}
