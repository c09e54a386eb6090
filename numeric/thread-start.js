// What a worker thread begins with: its module with all that it imports becomes one script without types, and is run. To have Node's
// loader hand each import to tsx would take four times as long.
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle } from '../start/bundle.js';
import { keptCode } from './kept-code.js';

process.setSourceMapsEnabled(true);
const module = new URL(process.argv[2]);
const makers = [import.meta.url, new URL('../start/bundle.js', import.meta.url).href];
run(await keptCode(module, makers, script), fileURLToPath(module));

/** Runs a script as if it stood in `file`, so that packages are found from there. */
function run(code, file) {
  const script = new Module(file);
  script.filename = file;
  script.paths = Module._nodeModulePaths(path.dirname(file));
  script._compile(code, file);
}

async function script(source) {
  const file = fileURLToPath(source);
  const sources = new Map();
  const options = {
    entryPoints: [file],
    outdir: path.dirname(file),
    write: false,
    format: 'cjs',
    sourcemap: 'inline',
    logLevel: 'silent',
  };
  const { outputFiles } = await bundle(options, read => {
    const content = readFileSync(read, 'utf8');
    sources.set(pathToFileURL(read).href, content);
    return content;
  });
  return { code: outputFiles[0].text, sources };
}
