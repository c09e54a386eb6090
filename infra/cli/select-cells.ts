// Which cells of an experiment are meant: by options of the command line, or by address.
import type { Command } from 'commander';
import { furtherOwnCells, knownExperiment } from '../../activities/definitions.ts';
import { type OwnSet, ownSets } from '../../activities/own-sets.ts';
import { leastFor, testedOf } from '../../datasets/own/own-images.ts';
import { type Cell, cellsOf, type Experiment } from '../../experiments/experiment.ts';
import { type StepName, stepNames } from '../../experiments/steps.ts';
import { storeFolder } from '../home.ts';
import { UsageError } from './usage-error.ts';

export interface Selection {
  dataset?: string[];
  method?: string[];
  augmentation?: string[];
  seed?: string[];
}

const parts = ['dataset', 'method', 'augmentation', 'seed'] as const;
const collect = (value: string, earlier: string[] = []) => [...earlier, value];

/** Adds the options that choose cells; each may be repeated. */
export function withSelection(command: Command): Command {
  return command
    .option('--dataset <name>', 'only cells of this dataset (may be repeated)', collect)
    .option('--method <name>', 'only cells of this method (may be repeated)', collect)
    .option('--augmentation <set>', 'only cells of this augmentation set (may be repeated)', collect)
    .option('--seed <number>', 'only cells of this seed (may be repeated)', collect);
}

/** The options, as people type them. */
export function selectionWords(selection: Selection): string[] {
  return parts.flatMap(part => (selection[part] ?? []).flatMap(value => [`--${part}`, value]));
}

/** The chosen cells of an experiment; all if nothing is said. Every word must fit at least one cell. */
export function selectCells(experiment: string, selection: Selection): Cell[] {
  const own = ownSets(storeFolder());
  const known = experimentOf(experiment);
  const named = known.datasets.map(({ dataset }) => dataset);
  const asked = own.filter(({ name }) => named.includes(name) || selection.dataset?.includes(name));
  const all = [...cellsOf(known), ...ownCellsOf(known, asked)];
  const wanted = parts.filter(part => selection[part]);
  for (const part of wanted) {
    const words = [...new Set(all.map(cell => cell[part]).filter(value => value !== undefined))].map(String);
    const stranger = selection[part]?.find(value => !words.includes(value));
    if (stranger !== undefined) {
      throw new UsageError(
        `${part} "${stranger}" is not part of experiment ${experiment}; it has ${words.join(', ')}${part === 'dataset' ? ownHint(own) : ''}`,
      );
    }
  }
  const cells = all.filter(cell => wanted.every(part => selection[part]?.includes(String(cell[part]))));
  if (cells.length === 0) {
    throw new UsageError(
      `experiment ${experiment} has no cell with all of these: ${JSON.stringify(selection)}`,
    );
  }
  return cells;
}

/** The cell at `<experiment>/<address>`; the user's own images are looked for in the store at `store`. */
export function cellAt(place: string, store = storeFolder()): Cell {
  const [experiment, ...address] = place.split('/');
  const [dataset] = address;
  const own = ownSets(store).filter(({ name }) => name === dataset);
  const known = experimentOf(experiment, store);
  const cells = [...cellsOf(known), ...ownCellsOf(known, own)];
  const found = cells.find(cell => cell.address === address.join('/'));
  if (!found) {
    const near = cells.map(cell => `${experiment}/${cell.address}`).join('\n  ');
    throw new UsageError(`there is no cell ${place}; experiment ${experiment} has\n  ${near}`);
  }
  return found;
}

/** All cells that a named experiment can have of the user's own sets. */
export function ownCellsNamed(experiment: string, store = storeFolder()): Cell[] {
  return furtherOwnCells(experimentOf(experiment, store), ownSets(store));
}

/** The cells of an experiment for these sets, each of which must have enough images for its classes. */
function ownCellsOf(experiment: Experiment, sets: readonly OwnSet[]): Cell[] {
  const { datasets } = experiment;
  for (const { name, n, classes } of sets) {
    const { images } = datasets.find(({ dataset }) => dataset === name) ?? datasets[0];
    if (images !== 'all' && images < n && testedOf(images) < classes.length) {
      throw new UsageError(
        `experiment ${experiment.name} takes ${images} images; for the ${classes.length} classes of ${name} at least ${leastFor(classes.length)} are needed: choose an experiment of more images, or merge classes`,
      );
    }
  }
  return furtherOwnCells(experiment, sets);
}

function ownHint(own: OwnSet[]): string {
  if (own.length === 0) return '; "simcne data add" takes in images of your own';
  return `, and for your own images ${own.map(({ name }) => name).join(', ')}`;
}

/** All cells of a named experiment. */
export function cellsNamed(experiment: string, store = storeFolder()): Cell[] {
  return cellsOf(experimentOf(experiment, store));
}

/** The experiment of that name, as the code or a file has it. */
export function experimentOf(name: string, store = storeFolder()): Experiment {
  try {
    return knownExperiment(store, name);
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}

/** Parses `--force STEP`: the step must be one of the chosen cells. */
export function parseForce(step: string | undefined, cells: Cell[]): StepName | undefined {
  if (step === undefined) return undefined;
  const known = stepNames.filter(name => cells.some(cell => cell.steps.some(one => one.step === name)));
  if (!known.includes(step as StepName)) {
    throw new UsageError(
      `--force ${step}: the chosen cells have no such step; they have ${known.join(', ')}`,
    );
  }
  return step as StepName;
}
