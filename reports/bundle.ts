// The report's scripts for the browser, made into files that stand alone.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const scripts = ['explorer', 'compare'] as const;
export type ScriptName = (typeof scripts)[number];

/** One script with all that it imports, for browsers from 2022 on. */
export async function bundledScript(name: ScriptName): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`./explorer/${name}.ts`, import.meta.url))],
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
