// WebAssembly kernels are kept as their text (.wat), which people can read, and assembled when they are first needed.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The module that the text at `source`, a `file:` URL, describes. Takes some 30 ms, most of them for loading wabt. */
export async function assemble(source: URL): Promise<WebAssembly.Module> {
  const { default: loadWabt } = await import('wabt');
  const [wabt, text] = await Promise.all([loadWabt(), readFile(source, 'utf8')]);
  const module = wabt.parseWat(fileURLToPath(source), text, { simd: true });
  try {
    return await WebAssembly.compile(new Uint8Array(module.toBinary({}).buffer));
  } finally {
    module.destroy();
  }
}
