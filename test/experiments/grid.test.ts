// Claims about grids: each value of a list makes rows of its own, named in their addresses, of those methods only that the setting concerns.
import { expect, it } from 'vitest';
import { experiments } from '../../experiments/catalogue.ts';
import { cellsOf, ownCells } from '../../experiments/experiment.ts';
import { asFile, ExperimentFile } from '../../experiments/experiment-file.ts';

interface File {
  datasets: { images: unknown; training: Record<string, Record<string, unknown> & { stages: object[] }> }[];
  [setting: string]: unknown;
}

/** `quick` as a file, changed. */
function file(change: (file: File) => void): File {
  const copy = structuredClone(asFile({ ...experiments.quick, name: 'mine' })) as File;
  change(copy);
  return copy;
}
const read = (change: (file: File) => void) => ExperimentFile.parse(file(change));
const addresses = (experiment: ReturnType<typeof read>) => cellsOf(experiment).map(({ address }) => address);

const spanned = (copy: File) => {
  copy.augmentations = ['rot90'];
  copy.methods = ['t-simcne', 'simclr-tsne', 'pixels-tsne'];
  copy.datasets[0].training['t-simcne'].batchSize = [256, 512];
  copy.datasets[0].training['t-simcne'].stages[0] = {
    ...copy.datasets[0].training['t-simcne'].stages[0],
    epochs: [24, 30],
  };
  copy.tsne = { perplexity: [30, 50] };
};

it('spans the settings of those methods that a list concerns', () => {
  expect(addresses(read(spanned))).toEqual([
    'bloodmnist/t-simcne/rot90/batchSize-256/stage-1-epochs-24/seed-1',
    'bloodmnist/t-simcne/rot90/batchSize-256/stage-1-epochs-30/seed-1',
    'bloodmnist/t-simcne/rot90/batchSize-512/stage-1-epochs-24/seed-1',
    'bloodmnist/t-simcne/rot90/batchSize-512/stage-1-epochs-30/seed-1',
    'bloodmnist/simclr-tsne/rot90/perplexity-30/seed-1',
    'bloodmnist/simclr-tsne/rot90/perplexity-50/seed-1',
    'bloodmnist/pixels-tsne/perplexity-30',
    'bloodmnist/pixels-tsne/perplexity-50',
  ]);
});

it('makes of each point what the experiment with that one value makes', () => {
  const steps = (experiment: ReturnType<typeof read>) => cellsOf(experiment).map(cell => cell.steps);
  const [first, , third] = steps(read(spanned));
  const plain = (batchSize: number) =>
    read(copy => {
      copy.augmentations = ['rot90'];
      copy.datasets[0].training['t-simcne'].batchSize = batchSize;
    });
  expect([first, third]).toEqual([steps(plain(256))[0], steps(plain(512))[0]]);
});

it('a list of images makes rows of every method, of images of one’s own, too, as far as there are so many', () => {
  const experiment = read(copy => {
    copy.methods = ['pixels-tsne'];
    copy.datasets[0].images = [500, 1000];
  });
  expect(addresses(experiment)).toEqual([
    'bloodmnist/pixels-tsne/images-500',
    'bloodmnist/pixels-tsne/images-1000',
  ]);
  const own = ownCells(experiment, { name: 'mine', content: 'c', n: 800 });
  expect(own.map(({ steps }) => (steps[1].settings as { images: number }).images)).toEqual([500, 800]);
});

it('is written as it was read', () => {
  const copy = file(spanned);
  expect(asFile(ExperimentFile.parse(copy))).toEqual(copy);
});

it('t-SNE and scores as a file has them stand in the steps; without, the steps are as ever', () => {
  const [cell] = cellsOf(
    read(copy => {
      copy.methods = ['pixels-tsne'];
      copy.tsne = { iterations: 100, seed: 3 };
      copy.scores = { neighbours: 5 };
    }),
  );
  expect(cell.steps.slice(2).map(({ settings }) => settings)).toEqual([
    { perplexity: 30, seed: 3, iterations: 100 },
    { neighbours: 5, testFraction: 0.1, seed: 0 },
  ]);
});
