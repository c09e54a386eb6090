// Reports that are kept up to date while somebody looks, with the Temporal UI: what `simcne serve` keeps open.
import type { LiveState } from '../../reports/live/live-state.ts';
import { openHomeStore } from '../open-home-store.ts';
import { uiPages } from '../temporal-server/ui-pages.ts';
import { openExperimentStates } from './experiment-state.ts';
import { openImagePlaces } from './image-places.ts';
import { openLiveFeed } from './live-feed.ts';
import { openReportRenderer } from './report-renderer.ts';
import { openReportServer } from './report-server.ts';
import { openTemporalLink } from './temporal-link.ts';

export interface Serving {
  /** Of the reports: an experiment's is at `<url>/<experiment>/`. */
  url: string;
  uiUrl?: string;
  close(): Promise<void>;
}

/** What other hosts have ended is looked for that often: it costs requests to their common bucket. */
const otherHostsMs = 30_000;

/** `onError` is told what went wrong while looking; pages then keep what they show. */
export async function openServing(onError: (error: unknown) => void): Promise<Serving> {
  const temporal = await openTemporalLink();
  const store = await openHomeStore();
  const stateOf = openExperimentStates(store);
  const renderer = openReportRenderer();

  let refreshedAt = Date.now();

  async function look(experiment: string): Promise<LiveState> {
    if (Date.now() - refreshedAt > otherHostsMs) {
      refreshedAt = Date.now();
      await store.refresh();
    }
    const asked = await temporal.ask(client => stateOf(experiment, client));
    const { cells, secondsLeft, runs } = asked ?? (await stateOf(experiment, undefined));
    const isEnding = runs && cells.every(({ step }) => step === undefined); // its workflow writes the report now
    return {
      experiment,
      at: new Date().toISOString(),
      answers: asked !== undefined,
      temporalUi: uiPages(temporal.server),
      secondsLeft,
      renderedAt: await renderer.lookAfter(experiment, cells, !isEnding),
      cells,
    };
  }

  const feed = openLiveFeed(look, onError);
  const places = openImagePlaces();
  const server = await openReportServer(feed, places).catch(async error => {
    await temporal.close();
    throw error;
  });
  return {
    url: server.url,
    uiUrl: temporal.server.uiUrl,
    async close() {
      feed.close();
      server.close();
      renderer.close();
      places.close();
      await temporal.close();
    },
  };
}
