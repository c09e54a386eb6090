// The code behind every step name: a step without code does not compile.
import type { StepName } from '../../experiments/steps.ts';
import type { StepWork } from '../step-work.ts';

/** Loaded when a step is done, so that a process holds only what its step needs (TensorFlow is 800 MB). */
export const stepWork = {
  fetch: async () => (await import('./fetch.ts')).fetch,
  prepare: async () => (await import('./prepare.ts')).prepare,
  'fetch-weights': async () => (await import('./fetch-weights.ts')).fetchWeights,
  train: async () => (await import('./train.ts')).train,
  embed: async () => (await import('./embed.ts')).embed,
  features: async () => (await import('./features.ts')).features,
  tsne: async () => (await import('./tsne.ts')).tsne,
  score: async () => (await import('./score.ts')).score,
} satisfies { [Name in StepName]: () => Promise<StepWork<Name>> };
