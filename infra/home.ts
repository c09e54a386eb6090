// Where state lives: `.simcne/` of the checkout (else of the working directory), or the folder that SIMCNE_HOME names.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../machine/cache-folder.ts';

/** The folder that holds the package's own `package.json`: the checkout, or the installed package. */
export const packageRoot = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');

/** The state folder. A command started anywhere in a checkout finds the checkout's. */
export function home(): string {
  const named = process.env.SIMCNE_HOME;
  return named ? path.resolve(named) : path.join(checkoutAround(process.cwd()) ?? process.cwd(), '.simcne');
}

export const storeFolder = (): string => path.join(home(), 'store');
export const logsFolder = (): string => path.join(home(), 'logs');
export const temporalDatabase = (): string => path.join(home(), 'temporal.db');
export const reportFolder = (experiment: string): string => path.join(home(), 'reports', experiment);

/** Of a page that puts two experiments or cells side by side: `reports/compare/quick--desk/`. */
export function comparisonFolder(a: string, b: string): string {
  const [left, right] = [a, b].map(place => place.replace(/[^\w.-]+/g, '-'));
  return path.join(home(), 'reports', 'compare', `${left}--${right}`);
}

/** Where set-up puts data. */
export const downloadsFolder = (): string => path.join(cacheFolder(), 'data');

function checkoutAround(folder: string): string | undefined {
  const manifest = path.join(folder, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'simcne') return folder;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : checkoutAround(parent);
}
