// The code behind every step: what can change what it makes, found by following imports, and told apart by digests that neither
// comments nor formatting change.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { type StepName, stepNames } from '../../experiments/steps.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What lies elsewhere moves results about, and makes none. */
const computing = /^(datasets|learning|numeric|activities\/steps)\//;

export interface StepSources {
  /** File → its digest, over all steps. */
  digests: Record<string, string>;
  /** Step → the files that it reaches. */
  files: Record<StepName, string[]>;
}

export function stepSources(): StepSources {
  const digests: Record<string, string> = {};
  const imports = new Map<string, string[]>();
  const visit = (file: string) => {
    if (imports.has(file)) return;
    const code = codeOf(file);
    digests[file] = createHash('sha256').update(code.replaceAll(/\s+/g, ' ')).digest('hex').slice(0, 16);
    const found = importsOf(code, file).filter(name => computing.test(name));
    imports.set(file, found);
    for (const next of found) visit(next);
  };
  const files = Object.fromEntries(
    stepNames.map(step => {
      const start = `activities/steps/${step}.ts`;
      visit(start);
      return [step, reachable(start, imports)];
    }),
  ) as Record<StepName, string[]>;
  return { digests, files };
}

function reachable(start: string, imports: Map<string, string[]>): string[] {
  const found = new Set([start]);
  for (const file of found) for (const next of imports.get(file) ?? []) found.add(next); // visited in turn
  return [...found].sort();
}

/** The JavaScript of a file, without comments and types. */
function codeOf(file: string): string {
  const source = readFileSync(path.join(root, file), 'utf8');
  const compilerOptions: ts.CompilerOptions = {
    removeComments: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
  };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

/** Files of ours that code imports, at once, later, or as a thread's module; of a kernel, the text beside that it is assembled from. */
function importsOf(code: string, file: string): string[] {
  const named = [...code.matchAll(/(?:from |import |import\(|new URL\()["'](\.{1,2}\/[^"']+)["']/g)];
  const beside = (name: string) => path.join(path.dirname(file), name);
  const places = named.map(([, name]) => beside(name.replace(/^.*\/dist\/(.*)\.wasm$/, './$1.wat')));
  return [...new Set(places)].filter(place => existsSync(path.join(root, place)));
}
