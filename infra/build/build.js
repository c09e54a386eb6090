// Makes dist/, which is what Node runs: `npm run build`, and every command of a checkout whose sources have changed. Packages that
// package.json names as dependencies stay outside; all others become part of dist/.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { copiedFiles, licensesOf } from './packages.js';
import { dist, filesOf, noteOf, noteOfWritten, readNotes, root, writeNotes } from './sources.js';

/** What processes begin with, by their names in dist/. Threads (`*.thread.ts`) keep theirs. */
const processes = {
  'command-line': 'infra/cli/main.ts',
  'set-up': 'infra/setup/set-up.ts',
  'first-run': 'infra/first-run.ts',
  owner: 'infra/temporal-server/owner.ts',
  'place-images': 'infra/serving/place-images.ts',
  'resume-attempt': 'infra/verify/resume-attempt.ts',
  'step-child': 'activities/step-child.ts',
};
/** Scripts that pages load, each a file that stands alone; in dist/browser/. */
const browserScripts = {
  explorer: 'reports/explorer/explorer.ts',
  compare: 'reports/explorer/compare.ts',
  live: 'reports/live/live.ts',
  'draw-figures': 'reports/page/draw-figures.js',
};
/** npm's record of the packages that are there. */
const installed = 'node_modules/.package-lock.json';
const keptMs = 30 * 24 * 3600_000; // a process that runs loads some parts late, by the names that they had when it began

/** Makes dist/ anew. What cannot be built leaves it as it was. `clean` takes away what earlier builds left there, too. */
export async function build({ clean = false } = {}) {
  const notes = {};
  const packages = new Set(['node_modules/@tensorflow/tfjs-node', 'node_modules/node-api-headers']);
  for (const name of ['package.json', installed, ...filesOf('infra/build')]) read(name, notes);
  const outputs = new Map([
    ...(await bundledProcesses(notes, packages)),
    ...(await bundledScripts(notes, packages)),
    ...(await assembledKernels(notes)),
    ...(await bundledWorkflows(notes)),
    ...copiedFiles(),
    ...licensesOf(packages),
  ]);
  for (const [name, content] of outputs) {
    writeWhole(path.join(dist, name), content);
    notes[path.join('dist', name)] = noteOfWritten(content);
  }
  const others = leaveOthers(outputs, clean ? 0 : keptMs);
  writeWhole(path.join(dist, '.npmignore'), ['.npmignore', 'sources.json', '*.map', ...others].join('\n'));
  writeNotes(notes);
}

/** The text of a source, which is noted. */
function read(name, notes) {
  const content = readFileSync(path.join(root, name));
  notes[name] = noteOf(name, content);
  return content.toString();
}

/** One file for each process and thread, and for what they share or load late. Stack traces name the lines of the TypeScript. */
function bundledProcesses(notes, packages) {
  const { dependencies } = JSON.parse(read('package.json', notes));
  const threads = ['learning', 'numeric'].flatMap(folder => filesOf(folder, '.thread.ts'));
  const entries = {
    ...processes,
    ...Object.fromEntries(threads.map(file => [path.basename(file, '.ts'), file])),
  };
  return bundled(
    {
      entryPoints: present(entries),
      outdir: dist,
      chunkNames: '[name]-[hash]',
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      keepNames: true,
      sourcemap: true,
      sourcesContent: false,
      external: Object.keys(dependencies),
      // CommonJS within a module of ES asks for Node's own modules
      banner: {
        js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
      },
      plugins: [ownPlaces(notes)],
    },
    packages,
  );
}

/** For browsers from 2022 on. */
function bundledScripts(notes, packages) {
  return bundled(
    {
      entryPoints: present(browserScripts),
      outdir: path.join(dist, 'browser'),
      format: 'iife',
      target: 'es2022',
      minify: true,
      plugins: [ownPlaces(notes)],
    },
    packages,
  );
}

/** In the making of a container image the set-up alone is there. */
function present(entries) {
  return Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(path.join(root, file))));
}

/** esbuild's `build`, as [name in dist/, content] of each file; `packages` takes the folders of those that it built in. */
async function bundled(options, packages) {
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    tsconfigRaw: {},
    logLevel: 'silent', // the error that it throws says all
    ...options,
  });
  for (const input of Object.keys(metafile.inputs)) {
    const [folder] = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(input) ?? [];
    if (folder) packages.add(folder);
  }
  return outputFiles.map(({ path: file, contents }) => [path.relative(dist, file), contents]);
}

/** Notes each source of ours. Its `import.meta.url` stays its own: it finds its neighbours where they lie. */
function ownPlaces(notes) {
  return {
    name: 'own-places',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.[jt]s$/ }, ({ path: file }) => {
        const name = path.relative(root, file);
        if (name.split(path.sep).includes('node_modules')) return undefined;
        const place = `new URL(${JSON.stringify(`../${name}`)}, import.meta.url).href`;
        const contents = read(name, notes).replaceAll('import.meta.url', place);
        return { loader: path.extname(file).slice(1), contents };
      }),
  };
}

/** WebAssembly of the kernels that are kept as their text. */
async function assembledKernels(notes) {
  const texts = filesOf('numeric', '.wat');
  if (texts.length === 0) return [];
  const { default: loadWabt } = await import('wabt');
  const wabt = await loadWabt();
  return texts.map(name => {
    const module = wabt.parseWat(name, read(name, notes), { simd: true });
    return [`${path.basename(name, '.wat')}.wasm`, module.toBinary({}).buffer];
  });
}

/** The workflows as one script. Webpack takes seconds for it, so it stays where its sources do. */
async function bundledWorkflows(notes) {
  const sources = filesOf('workflows');
  if (sources.length === 0) return [];
  const names = [installed, ...sources];
  for (const name of names) read(name, notes);
  const before = readNotes();
  const file = path.join(dist, 'workflows.js');
  const isSame = existsSync(file) && names.every(name => before?.[name]?.[2] === notes[name][2]);
  if (isSame) return [['workflows.js', readFileSync(file)]];
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const workflowsPath = path.join(root, 'workflows', 'index.ts');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  return [['workflows.js', code]];
}

/** Another process may do the same meanwhile, and others load what lies there. */
function writeWhole(file, content) {
  const unfinished = `${file}.${process.pid}`;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(unfinished, content);
  renameSync(unfinished, file);
}

/** Removes what earlier builds made and this one did not, once it is that old; gives the names of the rest, which no package holds. */
function leaveOthers(outputs, olderThanMs) {
  return filesOf('dist')
    .map(name => path.relative('dist', name))
    .filter(name => !outputs.has(name) && name !== 'sources.json')
    .filter(name => {
      const file = path.join(dist, name);
      const isOld = Date.now() - statSync(file).mtimeMs >= olderThanMs;
      if (isOld) rmSync(file, { force: true });
      return !isOld;
    });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await build({ clean: true });
