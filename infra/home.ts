// Where state lives: `.simcne/` of the checkout (else of the working directory), or the folder that SIMCNE_HOME names. And where lies what
// belongs to no state, as the machine has it: the user's cache.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

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

/**
 * What set-up brings, for all checkouts, packages and homes of this user: native parts and published data. `simcne` in the folder for
 * caches (XDG Base Directory Specification), or the folder that SIMCNE_CACHE names.
 */
export function cacheFolder(): string {
  const { SIMCNE_CACHE: named, XDG_CACHE_HOME: caches = '' } = process.env;
  if (named) return path.resolve(named);
  return path.join(path.isAbsolute(caches) ? caches : path.join(homedir(), '.cache'), 'simcne');
}

/** Where set-up puts data. */
export const downloadsFolder = (): string => path.join(cacheFolder(), 'data');

function checkoutAround(folder: string): string | undefined {
  const manifest = path.join(folder, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'simcne') return folder;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : checkoutAround(parent);
}
