// The first step of every command: the packages of package-lock.json. Plain JavaScript without imports from packages,
// because on a fresh clone there are none.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** Installs what package-lock.json names (development packages too) unless `node_modules` holds it already. */
export function installPackages() {
  checkNode();
  const reason = packagesMismatch(checkout);
  if (!reason) return;
  console.error(`set-up: installing packages (${reason})`);
  const [command, ...first] = npmCommand();
  const { status, error } = spawnSync(command, [...first, 'ci', '--include=dev', '--loglevel=error'], {
    cwd: checkout,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    throw new Error(
      `packages: "npm ci" in ${checkout} ${error ? `could not be started (${error.message})` : `failed with exit code ${status}, its message stands above`}; ` +
        'check that the npm registry can be reached ("npm ping") and that the disk has room, then run the command again',
    );
  }
}

/**
 * Why `node_modules` under `root` is not what `package-lock.json` asks for; undefined where it is, or where there is
 * no lockfile (an installed package). Compared is npm's own record of what it installed; an optional package may be missing.
 */
export function packagesMismatch(root) {
  const lockfile = path.join(root, 'package-lock.json');
  if (!existsSync(lockfile)) return undefined;
  const record = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'node_modules is missing or incomplete';
  const wanted = JSON.parse(readFileSync(lockfile, 'utf8')).packages;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  for (const [folder, { version, integrity, optional }] of Object.entries(wanted)) {
    if (folder === '') continue;
    const found = installed[folder];
    if (!found && optional) continue;
    if (
      !found ||
      found.version !== version ||
      found.integrity !== integrity ||
      !existsSync(path.join(root, folder))
    ) {
      return `${folder} is not the ${version} of package-lock.json`;
    }
  }
  return undefined;
}

/** @throws where this Node.js is older than the `engines` of package.json ask for, as `>=20.15` */
function checkNode() {
  const { engines } = JSON.parse(readFileSync(path.join(checkout, 'package.json'), 'utf8'));
  const oldest = engines.node.replace('>=', '');
  if (process.versions.node.localeCompare(oldest, 'en', { numeric: true }) >= 0) return;
  throw new Error(
    `Node.js: ${oldest} or newer is needed, this is ${process.versions.node}; install a current release`,
  );
}

/** npm itself where it started us, else the one on the PATH. */
function npmCommand() {
  const started = process.env.npm_execpath;
  return started?.endsWith('npm-cli.js') ? [process.execPath, started] : ['npm'];
}
