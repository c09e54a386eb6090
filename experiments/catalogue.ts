// All experiments by name. To add one: add a file and a line here.
import { cifar10Control } from './cifar10-control.ts';
import { desk } from './desk.ts';
import type { Experiment } from './experiment.ts';
import { paper } from './paper.ts';
import { quick } from './quick.ts';
import { quickBfloat16 } from './quick-bfloat16.ts';
import { smoke } from './smoke.ts';

export const experiments = {
  quick,
  smoke,
  paper,
  desk,
  'cifar10-control': cifar10Control,
  'quick-bfloat16': quickBfloat16,
} satisfies Record<string, Experiment>;
export type ExperimentName = keyof typeof experiments;

/** The experiment of that name; throws `RangeError` that names those there are. */
export function experimentNamed(name: string): Experiment {
  const found = (experiments as Record<string, Experiment>)[name];
  if (!found || !Object.hasOwn(experiments, name)) {
    throw new RangeError(
      `experiment "${name}" is not known; there are ${Object.keys(experiments).join(', ')} (experiments/catalogue.ts)`,
    );
  }
  return found;
}
