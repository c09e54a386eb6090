// What the store already has of a cell's steps: what `plan` prints, and why a step would be done.

import type { Manifest } from '../artifacts/manifest.ts';
import { firstDifference, keyOf, type Recipe } from '../artifacts/recipe.ts';
import type { Store } from '../artifacts/store.ts';
import { datasets } from '../datasets/catalogue.ts';
import type { Cell } from '../experiments/experiment.ts';
import type { Step } from '../experiments/steps.ts';
import { checkpointsNamed } from './checkpoint-names.ts';
import { recipeOf } from './recipe-of.ts';

export interface StepState {
  step: string;
  /** `HIT`, `RESUME@<epoch>` or `RUN`. */
  state: string;
  reason: string;
  /** Undefined where it cannot be known before earlier steps are done. */
  key?: string;
}

/** The state of every step of a cell, in order. `manifests` are those of the store, to find the nearest recipe in. */
export async function stepStates(store: Store, cell: Cell, manifests: Manifest[]): Promise<StepState[]> {
  const digests = new Map<string, { digest: string }>();
  const states: StepState[] = [];
  for (const step of cell.steps) {
    const missing = Object.values(step.inputs).find(name => !digests.has(name));
    states.push(
      missing === undefined
        ? await stepState(store, step, digests, manifests)
        : { step: step.step, state: 'RUN', reason: `after ${missing}` },
    );
  }
  return states;
}

/** The state of a step whose inputs are there; a hit's digest is added to `digests`. */
async function stepState(
  store: Store,
  step: Step,
  digests: Map<string, { digest: string }>,
  manifests: Manifest[],
): Promise<StepState> {
  if (step.step === 'fetch' && !step.settings.content && !Object.hasOwn(datasets, step.settings.dataset)) {
    return { step: step.step, state: 'RUN', reason: `missing: no reader for ${step.settings.dataset} yet` };
  }
  const recipe = recipeOf(step, inputDigests(step, digests));
  const key = keyOf(recipe);
  const found = await store.look(key);
  if (found) {
    digests.set(step.step, found);
    return { step: step.step, state: 'HIT', reason: 'in the store', key };
  }
  const checkpoint = checkpointsNamed(await store.checkpointNames(key)).at(-1);
  if (checkpoint) return { step: step.step, state: `RESUME@${checkpoint.epoch}`, reason: 'checkpoint', key };
  return { step: step.step, state: 'RUN', reason: whyRun(recipe, manifests), key };
}

function inputDigests(
  step: Step,
  digests: Map<string, { digest: string }>,
): Record<string, { digest: string }> {
  return Object.fromEntries(Object.entries(step.inputs).map(([role, name]) => [role, digests.get(name)!]));
}

/** The first field in which the recipe differs from the most recent one of its kind. */
function whyRun(recipe: Recipe, manifests: Manifest[]): string {
  const alike = manifests
    .filter(manifest => manifest.recipe.step === recipe.step)
    .sort((a, b) => (a.provenance.finishedAt < b.provenance.finishedAt ? 1 : -1));
  const differences = alike
    .map(manifest => firstDifference(manifest.recipe, recipe))
    .sort((a, b) => (b?.split('.').length ?? 0) - (a?.split('.').length ?? 0));
  if (differences.length === 0) return 'never made';
  return differences[0] === undefined ? 'damaged or removed' : `${differences[0]} differs`;
}
