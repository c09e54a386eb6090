// How this package's TypeScript starts in a process: from bundles that esbuild makes once for each state of the code. (A loader that
// turns its hundreds of files into JavaScript one by one takes the larger part of a second, each time.) Plain JavaScript, which
// Node runs as it is.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle } from './bundle.js';

/** The modules that processes begin with, by their paths in the package. */
const entries = [
  'infra/setup/set-up.ts',
  'infra/first-run.ts',
  'infra/cli/main.ts',
  'infra/temporal-server/supervisor.ts',
  'infra/serving/place-images.ts',
  'infra/verify/resume-attempt.ts',
  'activities/step-child.ts',
];
/** Where they, all that they import, and what bundles them lie. */
const folders = [
  ...['activities', 'artifacts', 'datasets', 'experiments', 'infra'],
  ...['learning', 'numeric', 'reports', 'start', 'workflows'],
];

const root = fileURLToPath(new URL('..', import.meta.url));
/** Inside of `node_modules`, where packages are found from, and which `npm ci` empties. */
const cache = path.join(root, 'node_modules', '.cache', 'simcne', 'code');
const keptMs = 30 * 24 * 3600_000; // after its last start; a process that runs loads some parts late

/** Imports one of the entries. Stack traces name the lines of the TypeScript. */
export async function importEntry(name) {
  process.setSourceMapsEnabled(true);
  const sources = readSources();
  const bundles = path.join(cache, digestOf(sources));
  if (!existsSync(bundles) && !(await keepBundles(bundles, sources))) return importSource(name);
  markUsed(bundles);
  return import(pathToFileURL(path.join(bundles, name.replace(/ts$/, 'mjs'))).href);
}

/** By path, what the bundles are made from; in the making of a container image the set-up alone is there. */
function readSources() {
  const files = folders
    .filter(folder => existsSync(path.join(root, folder)))
    .flatMap(folder =>
      readdirSync(path.join(root, folder), { recursive: true }).map(name => path.join(folder, name)),
    )
    .filter(name => /\.[jt]s$/.test(name));
  return new Map(
    ['package.json', ...files.sort()].map(name => [
      path.join(root, name),
      readFileSync(path.join(root, name)),
    ]),
  );
}

function digestOf(sources) {
  const hash = createHash('sha256');
  for (const [file, text] of sources) hash.update(`${file}\0${text.length}\0`).update(text);
  return hash.digest('hex').slice(0, 16);
}

/** Makes the bundles, whole or not at all; false where they cannot be kept. Another process may do the same meanwhile. */
async function keepBundles(target, sources) {
  const partial = `${target}.${process.pid}`;
  try {
    mkdirSync(partial, { recursive: true });
  } catch {
    return false; // installed by another user, or on a disk that is only read
  }
  try {
    await makeBundles(partial, sources);
    if (!existsSync(target)) renameSync(partial, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  removeForgotten();
  return true;
}

/** One file for each entry, and for what they share or load late. */
function makeBundles(outdir, sources) {
  const options = {
    absWorkingDir: root,
    entryPoints: entries.filter(entry => sources.has(path.join(root, entry))),
    outbase: '.',
    outdir,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    format: 'esm',
    keepNames: true,
    sourcemap: true,
    logLevel: 'warning',
  };
  return bundle(options, file => String(sources.get(file) ?? readFileSync(file)));
}

/** Slower, and as it was before there were bundles. */
async function importSource(name) {
  const { register } = await import('tsx/esm/api');
  register();
  return import(new URL(`../${name}`, import.meta.url).href);
}

function markUsed(bundles) {
  try {
    utimesSync(bundles, new Date(), new Date());
  } catch {} // another user's
}

function removeForgotten() {
  for (const name of readdirSync(cache)) {
    const folder = path.join(cache, name);
    if (Date.now() - statSync(folder).mtimeMs > keptMs) rmSync(folder, { recursive: true, force: true });
  }
}
