// What a worker thread begins with: its module with all that it imports becomes one script without types, and is run. To have Node's
// loader hand each import to tsx would take four times as long.
import { readFile } from 'node:fs/promises';
import Module from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { keptCode } from './kept-code.js';

process.setSourceMapsEnabled(true);
const module = new URL(process.argv[2]);
run(await keptCode(module, import.meta.url, bundle), fileURLToPath(module));

/** Runs a script as if it stood in `file`, so that packages are found from there. */
function run(code, file) {
  const script = new Module(file);
  script.filename = file;
  script.paths = Module._nodeModulePaths(path.dirname(file));
  script._compile(code, file);
}

/** Packages are no part of it. A module's `import.meta.url` is its own, as before. */
async function bundle(source) {
  const { build } = await import('esbuild');
  const sources = new Map();
  const ownPlaces = {
    name: 'own-places',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.[jt]s$/ }, async ({ path: file }) => {
        const place = pathToFileURL(file).href;
        const content = await readFile(file, 'utf8');
        sources.set(place, content);
        return { loader: 'ts', contents: content.replaceAll('import.meta.url', JSON.stringify(place)) };
      }),
  };
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(source)],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    packages: 'external',
    plugins: [ownPlaces],
    tsconfigRaw: {},
    sourcemap: 'inline',
    sourcesContent: false,
    outdir: path.dirname(fileURLToPath(source)),
    write: false,
    logLevel: 'silent',
  });
  return { code: outputFiles[0].text, sources };
}
