// Tells pages how their experiment stands, as Server-Sent Events. However many look, it is looked at once; where nobody looks, never.
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveState } from '../../reports/live/live-state.ts';

const leastPauseMs = 1_000;
const pauseShare = 4; // looking takes a fifth of the time at most, however many cells there are
const sayAliveMs = 15_000;

export interface LiveFeed {
  /** Answers a request with events until it is closed. */
  send(experiment: string, response: ServerResponse): void;
  close(): void;
}

interface Watch {
  listeners: Set<ServerResponse>;
  /** The last event, for those who come later. */
  event?: string;
  saidAt: number;
}

/** `look` gives the present state; an error of it ends no watch, it is told by `onError` and tried again. */
export function openLiveFeed(
  look: (experiment: string) => Promise<LiveState>,
  onError: (error: unknown) => void,
): LiveFeed {
  const watches = new Map<string, Watch>();

  async function watch(experiment: string, { listeners }: Watch): Promise<void> {
    let told = '';
    while (listeners.size > 0) {
      const started = performance.now();
      const state = await look(experiment).catch(onError);
      const { at: _, ...news } = state ?? {};
      const text = JSON.stringify(news);
      const one = watches.get(experiment);
      if (!one) return;
      if (state && text !== told) {
        told = text;
        one.event = `data: ${JSON.stringify(state)}\n\n`;
        say(one, one.event);
      } else if (Date.now() - one.saidAt > sayAliveMs) say(one, ': nothing new\n\n');
      await sleep(Math.max(leastPauseMs, pauseShare * (performance.now() - started)));
    }
    watches.delete(experiment);
  }

  return {
    send(experiment, response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write('retry: 2000\n\n');
      let one = watches.get(experiment);
      if (!one) {
        one = { listeners: new Set(), saidAt: Date.now() };
        watches.set(experiment, one);
        one.listeners.add(response);
        void watch(experiment, one);
      }
      const { listeners } = one;
      listeners.add(response);
      if (one.event) response.write(one.event);
      response.on('close', () => listeners.delete(response));
    },
    close() {
      for (const { listeners } of watches.values()) listeners.clear();
      watches.clear();
    },
  };
}

/** A listener that does not read is not told more, so that nothing piles up for it; it hears the next event again. */
function say(watch: Watch, event: string): void {
  watch.saidAt = Date.now();
  for (const response of watch.listeners) if (!response.writableNeedDrain) response.write(event);
}
