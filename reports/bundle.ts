// The report's scripts for the browser, made into files that stand alone.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Where each script begins. */
const entries = {
  explorer: './explorer/explorer.ts',
  compare: './explorer/compare.ts',
  live: './live/live.ts',
} as const;
export type ScriptName = keyof typeof entries;

/** Those that lie in a report; `live` is the server's. */
export const scripts = ['explorer', 'compare'] as const satisfies readonly ScriptName[];

/** One script with all that it imports, for browsers from 2022 on. */
export async function bundledScript(name: ScriptName): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entries[name], import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    legalComments: 'inline',
    logLevel: 'silent',
  });
  return outputFiles[0].text;
}
