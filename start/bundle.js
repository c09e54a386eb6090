// How esbuild makes JavaScript of this package's TypeScript, for processes (code.js) and for threads (numeric/thread-start.js).
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** esbuild's `build` with `options` over what all have in common: packages stay outside. `read` gives the text of a file. */
export async function bundle(options, read) {
  const { build } = await import('esbuild');
  return build({
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    tsconfigRaw: {},
    sourcesContent: false,
    plugins: [ownPlaces(read)],
    ...options,
  });
}

/** A module's `import.meta.url` stays its own: it finds its neighbours (threads, styles, scripts) where its source lies. */
function ownPlaces(read) {
  return {
    name: 'own-places',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.[jt]s$/ }, ({ path: file }) => {
        const place = JSON.stringify(pathToFileURL(file).href);
        return {
          loader: path.extname(file).slice(1),
          contents: read(file).replaceAll('import.meta.url', place),
        };
      }),
  };
}
