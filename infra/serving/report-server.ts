// The HTTP server behind `simcne serve`: reports as they lie on the disk, made live; loopback only.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import getPort, { portNumbers } from 'get-port';
import sirv from 'sirv';
import { definedExperiments, isKnownExperiment, knownExperiment } from '../../activities/definitions.ts';
import { experiments } from '../../experiments/catalogue.ts';
import { browserScript } from '../../reports/browser-script.ts';
import { experimentsPage, unrenderedPage } from '../../reports/served-pages.ts';
import { home, logsFolder, storeFolder } from '../home.ts';
import { answerFor } from './answers.ts';
import type { ImagePlaces } from './image-places.ts';
import type { LiveFeed } from './live-feed.ts';
import { takeImage } from './take-image.ts';

export interface ReportServer {
  url: string;
  close(): void;
}

const host = '127.0.0.1';
const liveScript = '/live/live.js';

/** Serves `<home>/reports/` at `/`, `<home>/logs/` at `/logs/`, and what pages ask for below `/live/`. */
export async function openReportServer(feed: LiveFeed, places: ImagePlaces): Promise<ReportServer> {
  const script = await browserScript('live');
  const reports = path.join(home(), 'reports');
  const files = sirv(reports, { dev: true }); // dev: files that come later are served, too
  const logs = sirv(logsFolder(), {
    dev: true,
    setHeaders: response => response.setHeader('content-type', 'text/plain; charset=utf-8'),
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLocal(request)) return answerFor(response, 403, 'simcne serve answers this machine only');
    const { pathname } = new URL(request.url ?? '/', `http://${host}`);
    const [first, second] = pathname.split('/').slice(1);
    if (pathname === liveScript) return answerFor(response, 200, script, 'text/javascript; charset=utf-8');
    if (first === 'live' && isExperiment(second)) {
      if (request.method === 'POST') return takeImage(request, response, places);
      return feed.send(second, response);
    }
    if (first === 'logs') {
      request.url = pathname.slice('/logs'.length);
      return logs(request, response, () => answerFor(response, 404, 'there is no such log'));
    }
    if (second === undefined && isExperiment(first)) {
      response.setHeader('location', `/${first}/`);
      return answerFor(response, 302, '');
    }
    const page = await pageAt(reports, pathname);
    if (page !== undefined) return answerFor(response, 200, madeLive(page), 'text/html; charset=utf-8');
    const missing = await missingPage(reports, pathname);
    if (missing !== undefined) return answerFor(response, 200, missing, 'text/html; charset=utf-8');
    files(request, response, () =>
      answerFor(response, 404, 'there is no such report; "simcne run quick" makes one'),
    );
  }

  const server = createServer((request, response) => {
    response.setHeader('x-content-type-options', 'nosniff'); // logs hold what others wrote
    response.setHeader('content-security-policy', "frame-ancestors 'none'"); // the rest of it is the pages' own
    answer(request, response).catch(error => answerFor(response, 500, (error as Error).message));
  });
  const port = await listen(server);
  return {
    url: `http://${host}:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const isExperiment = (name: string) => isKnownExperiment(storeFolder(), name);

/** Names that a page elsewhere, which had its own name point here, does not have. */
function isLocal({ headers }: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(headers.host ?? '');
}

/** The text of a page; undefined where the path names none, or leads out of the folder. */
async function pageAt(folder: string, pathname: string): Promise<string | undefined> {
  const name = decodeURIComponent(pathname.endsWith('/') ? `${pathname}index.html` : pathname);
  const file = path.join(folder, name);
  if (!name.endsWith('.html') || !file.startsWith(folder + path.sep)) return undefined;
  return readFile(file, 'utf8').catch(() => undefined);
}

/** The list of experiments, or the page of one whose report is not there yet; undefined for all else. */
async function missingPage(folder: string, pathname: string): Promise<string | undefined> {
  if (pathname === '/') {
    const rendered = await readdir(folder).catch(() => [] as string[]);
    const names = [...Object.keys(experiments), ...definedExperiments(storeFolder())];
    return experimentsPage(
      names.filter(isExperiment).map(name => {
        const { title } = knownExperiment(storeFolder(), name);
        return { name, title, hasReport: rendered.includes(name) };
      }),
    );
  }
  const [, name, file] = pathname.split('/');
  return file === '' && isExperiment(name) ? madeLive(unrenderedPage(name)) : undefined;
}

/** The page with the script that keeps it up to date, and a sign that it is served, for style and scripts. */
function madeLive(page: string): string {
  return page
    .replace('<html lang="en">', '<html lang="en" data-served>')
    .replace('</head>', `<script src="${liveScript}" defer></script>\n</head>`);
}

/** The port of last time where it is free, so that pages which are still open find the server again. */
async function listen(server: Server): Promise<number> {
  const remembered = path.join(home(), 'serve-port');
  const last = Number(await readFile(remembered, 'utf8').catch(() => ''));
  const port = await getPort({ port: [...(last > 0 ? [last] : []), ...portNumbers(8400, 8499)], host });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  await writeFile(remembered, String(port));
  return port;
}
