// WebAssembly kernels are kept as their text (.wat), which people can read, and assembled when they are first needed.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { keptCode } from './kept-code.js';

/** The module that the text at `source`, a `file:` URL, describes. Assembling takes some 40 ms, most of them for loading wabt. */
export async function assemble(source: URL): Promise<WebAssembly.Module> {
  const code = await keptCode(source, [import.meta.url], async () => {
    const text = await readFile(source, 'utf8');
    const binary = await assembled(text, fileURLToPath(source));
    return { code: Buffer.from(binary).toString('base64'), sources: [[source, text]] };
  });
  return WebAssembly.compile(Buffer.from(code, 'base64'));
}

async function assembled(text: string, name: string): Promise<Uint8Array> {
  const { default: loadWabt } = await import('wabt');
  const wabt = await loadWabt();
  const module = wabt.parseWat(name, text, { simd: true });
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}
