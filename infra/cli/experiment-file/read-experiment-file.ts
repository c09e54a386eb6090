// Reads an experiment from a file, YAML or JSON. What is wrong with it is said once, with the line.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { isBuiltIn, keepDefinition } from '../../../activities/definitions.ts';
import { ownSets } from '../../../activities/own-sets.ts';
import type { Store } from '../../../artifacts/store.ts';
import { datasets } from '../../../datasets/catalogue.ts';
import { experimentNamed } from '../../../experiments/catalogue.ts';
import type { Experiment } from '../../../experiments/experiment.ts';
import { ExperimentFile, isSameWork } from '../../../experiments/experiment-file.ts';
import { openHomeStore } from '../../open-home-store.ts';
import { UsageError } from '../usage-error.ts';
import { type Fault, faultsOf } from './faults.ts';
import { lineOf } from './line-of.ts';
import { nearest } from './nearest.ts';

const mostBytes = 1 << 20;
const mostFaults = 5;

/** A file and what follows it: `sweep.yaml`, `sweep.yaml/bloodmnist/pixels-tsne`. */
const filePlace = /^(.+?\.(?:yaml|yml|json))(\/.+)?$/is;

/**
 * A place with the experiment's name: `sweep.yaml/bloodmnist/pixels-tsne` becomes `sweep/bloodmnist/pixels-tsne`, and what the file says is
 * from now on what the name stands for. Any other place stays as it is.
 * @throws UsageError where the file is no experiment
 */
export async function namedPlace(place: string): Promise<string> {
  const [, file, address = ''] = filePlace.exec(place) ?? [];
  if (file === undefined) return place;
  const experiment = await readExperimentFile(file, await openHomeStore());
  return `${experiment.name}${address}`;
}

/** Reads an experiment, and keeps its definition. @throws UsageError where the file is none */
export async function readExperimentFile(file: string, store: Store): Promise<Experiment> {
  const document = parse(file, await textOf(file));
  const read = ExperimentFile.safeParse(document.value);
  const faults = read.success ? wrongNames(read.data, store.folder) : faultsOf(read.error, document.value);
  if (faults.length > 0 || !read.data) throw invalid(file, document, faults);
  if (!isBuiltIn(read.data.name)) await keepDefinition(store, read.data);
  return read.data;
}

interface Parsed {
  value: unknown;
  document: Document.Parsed;
  lines: LineCounter;
}

async function textOf(file: string): Promise<string> {
  const stats = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `${file}: cannot be read (${error.code}); "simcne init > ${path.basename(file)}" writes an experiment to start from`,
    );
  });
  if (!stats.isFile()) throw new UsageError(`${file}: is no file; name an experiment's file`);
  if (stats.size > mostBytes) {
    throw new UsageError(
      `${file}, line 1: an experiment has ${mostBytes} bytes at most, this has ${stats.size}`,
    );
  }
  const bytes = await readFile(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const before = bytes.toString('utf8').split('\ufffd', 1)[0];
    throw new UsageError(`${file}, line ${before.split('\n').length}: is no text in UTF-8; save it as such`);
  }
}

/** JSON is YAML, but for its tabs. */
function parse(file: string, text: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (problem) {
    const { line } = lines.linePos(problem.pos[0]);
    throw new UsageError(`${file}, line ${Math.max(line, 1)}: is no YAML: ${oneLine(problem.message)}`);
  }
  try {
    return { value: document.toJS(), document, lines };
  } catch (error) {
    throw new UsageError(`${file}, line 1: is no YAML: ${oneLine((error as Error).message)}`);
  }
}

/** Names that are right in form only: of data sets that are not there, and of an experiment that is another. */
function wrongNames(experiment: Experiment, store: string): Fault[] {
  const { name } = experiment;
  const known = [...Object.keys(datasets), ...ownSets(store).map(set => set.name)];
  const strangers = experiment.datasets.flatMap(({ dataset }, place): Fault[] => {
    if (known.includes(dataset)) return [];
    const near = nearest(dataset, known);
    const rule = `is not known${near ? ` (did you mean ${near}?)` : ''}; there are ${known.join(', ')} ("simcne data add" takes in images of your own)`;
    return [{ path: ['datasets', place, 'dataset'], value: dataset, rule }];
  });
  if (!isBuiltIn(name) || isSameWork(experiment, experimentNamed(name))) return strangers;
  const rule = `is an experiment that simcne has, and this is another: call it my-${name}, say`;
  return [{ path: ['name'], value: name, rule }, ...strangers];
}

/** One message: the first faults, by their lines. */
function invalid(file: string, { document, lines }: Parsed, faults: readonly Fault[]): UsageError {
  const placed = faults
    .map(fault => ({ ...fault, line: lineOf(document, lines, fault) }))
    .sort((a, b) => a.line - b.line);
  const told = placed.slice(0, mostFaults).map(({ line, path: place, value, rule }) => {
    const setting = place.join('.') || 'the file';
    const said = value === undefined ? '' : ` ${shown(value)}`;
    return `line ${line}: ${setting}${said} ${rule}`;
  });
  const [first, ...rest] = told;
  const more = placed.length - told.length;
  return new UsageError(
    [`${file}, ${first}`, ...rest.map(line => `  ${line}`), ...(more > 0 ? [`  and ${more} more`] : [])].join(
      '\n',
    ),
  );
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** A value on one short line. */
function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
