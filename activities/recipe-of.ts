// The recipe of a step: its version, its settings, and what it reads.
import type { Recipe } from '../artifacts/recipe.ts';
import { datasetNamed } from '../datasets/catalogue.ts';
import type { SourceFile } from '../datasets/fetching/source-file.ts';
import { pretrainedWeights } from '../datasets/pretrained-weights.ts';
import type { Step, StepName } from '../experiments/steps.ts';
import type { Reference } from './reference.ts';

/** Raised by hand when a step's code changes what it makes: then, and only then, its artifacts are made again. */
export const stepVersions: Record<StepName, number> = {
  fetch: 1,
  prepare: 1,
  'fetch-weights': 1,
  train: 1,
  embed: 1,
  features: 1,
  tsne: 1,
  score: 1,
};

/** The recipe of a step, given the artifacts that it reads. */
export function recipeOf(step: Step, inputs: Record<string, Pick<Reference, 'digest'>>): Recipe {
  return {
    step: step.step,
    version: stepVersions[step.step],
    settings: { ...step.settings, ...checksums(step) },
    inputs: Object.fromEntries(Object.entries(inputs).map(([role, { digest }]) => [role, digest])),
  };
}

/** A fetched file is made from its checksum, not from the place where it was found. (Own images carry theirs in the settings.) */
function checksums(step: Step): { files?: unknown } {
  if (step.step === 'fetch' && step.settings.content === undefined) {
    return { files: datasetNamed(step.settings.dataset).files.map(checksum) };
  }
  if (step.step === 'fetch-weights' && step.settings.weights === 'imagenet') {
    return { files: [checksum(pretrainedWeights[step.settings.network])] };
  }
  return {};
}

function checksum({ name, sha256, md5 }: SourceFile) {
  return { name, sha256: sha256 ?? null, md5: md5 ?? null };
}
