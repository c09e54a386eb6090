// What keeps the pages of a report up to date while `simcne serve` shows them: it adds this script, the pages do without.
import { openCellPage } from './cell-live.ts';
import { listen } from './listen.ts';
import type { LiveState } from './live-state.ts';
import { openOverview } from './overview-live.ts';

/** Reports are served one level below the root: `/quick/`, `/quick/cells/<address>.html`. */
const [experiment, ...rest] = decodeURIComponent(location.pathname).slice(1).split('/');
const address = /^cells\/(.+)\.html$/.exec(rest.join('/'))?.[1];

const page = address === undefined ? openOverview() : openCellPage(address);
listen(
  `/live/${experiment}`,
  state => {
    linkWorkflows(state);
    page.show(state);
  },
  () => page.lost(),
);

/** The Temporal UI may have another port than when the page was rendered. */
function linkWorkflows({ temporalUi }: LiveState): void {
  if (!temporalUi) return;
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-workflow]')) {
    link.href = workflowAddress(temporalUi, link.dataset.workflow!);
  }
}

/** `place` is `<workflow id>/<run id>`; the id holds slashes of its own. */
function workflowAddress(temporalUi: string, place: string): string {
  const cut = place.lastIndexOf('/');
  return `${temporalUi}/workflows/${encodeURIComponent(place.slice(0, cut))}/${place.slice(cut + 1)}`;
}
