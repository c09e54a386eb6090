// The stream of states, while the page is in view: browsers allow six connections to a server, and a hidden page needs none.
import type { LiveState } from './live-state.ts';

/** `onState` is told every change, `onBreak` that the server is gone; the browser tries again by itself. */
export function listen(address: string, onState: (state: LiveState) => void, onBreak: () => void): void {
  let source: EventSource | undefined;
  const begin = () => {
    source = new EventSource(address);
    source.addEventListener('message', event => onState(JSON.parse(event.data)));
    source.addEventListener('error', onBreak);
  };
  const end = () => {
    source?.close();
    source = undefined;
  };
  document.addEventListener('visibilitychange', () => {
    end();
    if (!document.hidden) begin();
  });
  addEventListener('pagehide', end);
  addEventListener('pageshow', event => event.persisted && begin());
  if (!document.hidden) begin();
}
