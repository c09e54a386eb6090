// An experiment as a file of one's own: the same schema, with what need not be said, with lists that span a grid, and without what code
// would never get wrong.
import { z } from 'zod';
import { cellsOf, DatasetPlan, Experiment } from './experiment.ts';
import { type Axis, spanning, withoutGrid, withValue } from './grid.ts';
import { augmentationSets, isOfPaper } from './names.ts';

/** Names that stand for something else where results and reports lie. */
const taken = ['compare', 'live', 'logs'];

const { imageSize, images, training } = DatasetPlan.shape;
const { name, title, about, profile, pretrainedWeights, tsne, scores } = Experiment.shape;

export const ExperimentFile = Experiment.omit({ grid: true })
  .extend({
    $schema: z.string().optional().describe('where an editor finds the schema (simcne schema prints it)'),
    name: name.max(60).refine(one => !taken.includes(one), {
      error: `must be none of ${taken.join(', ')}, which stand for other things`,
    }),
    title: title.optional(),
    about: about.default(''),
    profile: profile.default('scaled'),
    pretrainedWeights: pretrainedWeights.default('imagenet'),
    datasets: z
      .array(
        DatasetPlan.omit({ content: true }).extend({
          imageSize: spanning(imageSize),
          images: spanning(images),
          training: spanning(training),
        }),
      )
      .min(1)
      .describe('the images'),
    tsne: spanning(tsne),
    scores: spanning(scores),
  })
  .superRefine(({ augmentations, augmentationSets: own = {} }, { addIssue }) => {
    const known = [...augmentationSets, ...Object.keys(own)];
    for (const [place, one] of augmentations.entries()) {
      if (known.includes(one)) continue;
      const message = `must be one of ${known.join(', ')}`;
      addIssue({ code: 'custom', path: ['augmentations', place], message, params: { known } });
    }
    for (const name of Object.keys(own)) {
      if (/^[a-z][a-z0-9-]{0,39}$/.test(name) && !isOfPaper(name)) continue;
      const message = `cannot be the name of a set: small letters, digits and -, and none of ${augmentationSets.join(', ')}`;
      addIssue({ code: 'custom', path: ['augmentationSets', name], message, params: { isKey: true } });
    }
  })
  .superRefine(({ datasets }, { addIssue }) => {
    datasets.forEach(({ dataset }, place) => {
      const isTwice = datasets.findIndex(one => one.dataset === dataset) < place;
      if (isTwice)
        addIssue({ code: 'custom', path: ['datasets', place, 'dataset'], message: 'is named twice' });
    });
  })
  .transform(({ $schema: _, ...file }): Experiment => {
    const axes: Axis[] = [];
    const plain = <Of>(settings: unknown, ...path: Axis['path']) => {
      const one = withoutGrid(settings, path);
      axes.push(...one.axes);
      return one.settings as Of;
    };
    return Experiment.parse({
      ...file,
      title: file.title ?? file.name,
      datasets: file.datasets.map(({ dataset, seeds, ...settings }, place) => ({
        ...{ dataset, seeds },
        ...plain<object>(settings, 'datasets', place),
      })),
      tsne: plain(file.tsne, 'tsne'),
      scores: plain(file.scores, 'scores'),
      ...(axes.length > 0 && { grid: axes }),
    });
  });

/** What a file would say to be this experiment: its lists where they stood. */
export function asFile({ grid = [], ...experiment }: Experiment): object {
  const datasets = experiment.datasets.map(({ content: _, ...plan }) => plan);
  return grid.reduce((file, { path, values }) => withValue(file, path, values), { ...experiment, datasets });
}

/** Whether two experiments make the same cells in the same way, whatever they are called. */
export function isSameWork(a: Experiment, b: Experiment): boolean {
  const work = (one: Experiment) => JSON.stringify(cellsOf({ ...one, name: '' }));
  return work(a) === work(b);
}
