// Experiments that people wrote as files: kept by digest, so that a run's workers read the very one that it was started with, and found
// by name, as those that the code has.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { definitionNamePlace, definitionPlace } from '../artifacts/definition-places.ts';
import { writeWhole } from '../artifacts/durable.ts';
import { canonicalJson } from '../artifacts/recipe.ts';
import { openSealedJson, sealedJson } from '../artifacts/sealed-json.ts';
import type { Store } from '../artifacts/store.ts';
import { experimentNamed, experiments } from '../experiments/catalogue.ts';
import { type Cell, Experiment, ownCells } from '../experiments/experiment.ts';
import { type OwnSet, ownSets } from './own-sets.ts';

/** Keeps an experiment under its digest, and its name for it; answers the digest. */
export async function keepDefinition(store: Store, experiment: Experiment): Promise<string> {
  const digest = createHash('sha256').update(canonicalJson(experiment)).digest('hex');
  await writeWhole(path.join(store.folder, definitionPlace(digest)), sealedJson({ experiment }));
  await store.push(definitionPlace(digest));
  if (definitionNamed(store.folder, experiment.name) !== digest) {
    await writeWhole(path.join(store.folder, definitionNamePlace(experiment.name)), sealedJson({ digest }));
    await store.push(definitionNamePlace(experiment.name));
  }
  return digest;
}

/** Names of the experiments that were read from files, in order; those that cannot be read any more are left out. */
export function definedExperiments(store: string): string[] {
  const folder = path.join(store, 'definitions', 'names');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const names = files.flatMap(file => /^([a-z][a-z0-9-]*)\.json$/.exec(file)?.[1] ?? []);
  return names.filter(name => keptExperiment(store, definitionNamed(store, name))).sort();
}

/** Digest of the latest definition of that name; undefined where there is none, and of those that the code has. */
export function definitionNamed(store: string, name: string): string | undefined {
  if (isBuiltIn(name) || !Experiment.shape.name.safeParse(name).success) return undefined;
  return (read(store, definitionNamePlace(name)) as { digest: string } | undefined)?.digest;
}

/**
 * The experiment of that name: one that the code has, or one of a file; of the latter the definition of that digest, or else the latest.
 * Images of one's own that it names are those which the store has under that name now.
 * @throws RangeError that names those there are
 */
export function knownExperiment(
  store: string,
  name: string,
  digest = definitionNamed(store, name),
): Experiment {
  if (isBuiltIn(name)) return experimentNamed(name);
  if (digest === undefined) {
    const names = [...Object.keys(experiments), ...definedExperiments(store)];
    throw new RangeError(
      `experiment "${name}" is not known; there are ${names.join(', ')}, and those of files (NAME.yaml; "simcne init" writes one)`,
    );
  }
  const kept = keptExperiment(store, digest);
  if (!kept) {
    throw new RangeError(
      `experiment "${name}" was kept by another version, or is damaged; name its file again`,
    );
  }
  const sets = new Map(ownSets(store).map(set => [set.name, set]));
  const datasets = kept.datasets.map(plan => {
    const { content, n = 0 } = sets.get(plan.dataset) ?? {};
    if (content === undefined) return plan;
    return { ...plan, content, images: plan.images === 'all' ? n : Math.min(n, plan.images) };
  });
  return { ...kept, datasets };
}

/** The cells that an experiment can have of images of one's own that it does not name itself. */
export function furtherOwnCells(experiment: Experiment, sets: readonly OwnSet[]): Cell[] {
  const named = experiment.datasets.map(({ dataset }) => dataset);
  return sets.filter(({ name }) => !named.includes(name)).flatMap(set => ownCells(experiment, set));
}

export function isKnownExperiment(store: string, name: string): boolean {
  return isBuiltIn(name) || definitionNamed(store, name) !== undefined;
}

export function isBuiltIn(name: string): boolean {
  return Object.hasOwn(experiments, name);
}

/** As it was kept; undefined where it is damaged, or of a version that says other things. */
function keptExperiment(store: string, digest: string | undefined): Experiment | undefined {
  if (digest === undefined) return undefined;
  const kept = read(store, definitionPlace(digest)) as { experiment: unknown } | undefined;
  return Experiment.safeParse(kept?.experiment).data;
}

function read(store: string, place: string): unknown {
  try {
    return openSealedJson(readFileSync(path.join(store, place), 'utf8'));
  } catch {
    return undefined; // none, or damaged
  }
}
