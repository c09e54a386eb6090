// Where lies what belongs to no home and no checkout, as the machine has it: the user's cache.
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * What set-up brings, for all checkouts, packages and homes of this user: native parts and published data. `simcne` in the folder for
 * caches (XDG Base Directory Specification), or the folder that SIMCNE_CACHE names.
 */
export function cacheFolder(): string {
  const { SIMCNE_CACHE: named, XDG_CACHE_HOME: caches = '' } = process.env;
  if (named) return path.resolve(named);
  return path.join(path.isAbsolute(caches) ? caches : path.join(homedir(), '.cache'), 'simcne');
}
