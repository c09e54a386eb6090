// WebAssembly kernels are kept as their text (.wat), which people can read; the build assembles them.
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The module that the text at `source` describes, e.g. `new URL('./kernel.wat', import.meta.url)`. */
export async function kernel(source: URL): Promise<WebAssembly.Module> {
  const assembled = new URL(`../dist/${path.parse(source.pathname).name}.wasm`, import.meta.url);
  return WebAssembly.compile(await readFile(assembled));
}
