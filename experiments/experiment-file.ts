// An experiment as a file of one's own: the same schema, with what need not be said, and what code would never get wrong.
import { z } from 'zod';
import { cellsOf, Experiment } from './experiment.ts';

/** Names that stand for something else where results and reports lie. */
const taken = ['compare', 'live', 'logs'];

const text = Experiment.shape;

export const ExperimentFile = Experiment.extend({
  $schema: z.string().optional().describe('where an editor finds the schema (simcne schema prints it)'),
  name: text.name.max(60).refine(name => !taken.includes(name), {
    error: `must be none of ${taken.join(', ')}, which stand for other things`,
  }),
  title: text.title.optional(),
  about: text.about.default(''),
  profile: text.profile.default('scaled'),
  pretrainedWeights: text.pretrainedWeights.default('imagenet'),
})
  .superRefine(({ datasets }, { addIssue }) => {
    datasets.forEach(({ dataset }, place) => {
      const isTwice = datasets.findIndex(one => one.dataset === dataset) < place;
      if (isTwice)
        addIssue({ code: 'custom', path: ['datasets', place, 'dataset'], message: 'is named twice' });
    });
  })
  .transform(
    ({ $schema: _, ...file }): Experiment => Experiment.parse({ ...file, title: file.title ?? file.name }),
  );

/** Whether two experiments make the same cells in the same way, whatever they are called. */
export function isSameWork(a: Experiment, b: Experiment): boolean {
  const work = (one: Experiment) => JSON.stringify(cellsOf({ ...one, name: '' }));
  return work(a) === work(b);
}
