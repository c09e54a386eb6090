import { describe, expect, it } from 'vitest';
import { isAsInPaper } from '../../experiments/as-in-paper.ts';
import { experimentNamed, experiments } from '../../experiments/catalogue.ts';
import { cellsOf, ownCells } from '../../experiments/experiment.ts';
import { paperRows } from '../../experiments/paper-numbers.ts';
import { learningRateFor } from '../../experiments/paper-training.ts';
import { Step, type StepOf, stepNames } from '../../experiments/steps.ts';

describe.each(Object.values(experiments))('experiment $name', experiment => {
  const cells = cellsOf(experiment);

  it('has cells of different addresses', () => {
    expect(new Set(cells.map(cell => cell.address)).size).toBe(cells.length);
  });

  it('has steps that read only what earlier steps made, and end in a score', () => {
    for (const { steps } of cells) {
      steps.forEach((step, place) => {
        expect(Step.parse(step)).toEqual(step);
        const earlier = steps.slice(0, place).map(one => one.step);
        for (const name of Object.values(step.inputs)) expect(earlier).toContain(name);
      });
      expect(steps.at(-1)?.step).toBe('score');
      expect(new Set(steps.map(one => one.step)).size).toBe(steps.length);
    }
  });
});

it('smoke has every kind of step', () => {
  const seen = new Set(cellsOf(experiments.smoke).flatMap(cell => cell.steps.map(step => step.step)));
  expect([...seen].sort()).toEqual([...stepNames].sort());
});

it('quick has the nine rows of the paper’s tables for BloodMNIST', () => {
  const rows = cellsOf(experiments.quick).map(({ method, augmentation }) => [method, augmentation ?? null]);
  expect(rows).toEqual(paperRows.map(({ method, augmentation }) => [method, augmentation]));
  expect(cellsOf(experiments.quick)[1].address).toBe('bloodmnist/t-simcne/rot90/seed-1');
  expect(cellsOf(experiments.quick)[6].address).toBe('bloodmnist/pixels-tsne');
});

describe('images that somebody brought', () => {
  const own = (n: number, content = 'a') => ownCells(experiments.quick, { name: 'mine', content, n });

  it('are run as the experiment runs its first data set', () => {
    const theirs = cellsOf(experiments.quick);
    expect(own(5000).map(({ address }) => address)).toEqual(
      theirs.map(({ address }) => address.replace('bloodmnist', 'mine')),
    );
    const training = (cell: (typeof theirs)[number]) => cell.steps.filter(({ step }) => step === 'train');
    expect(own(5000).map(training)).toEqual(theirs.map(training));
    for (const { steps } of own(5000)) for (const step of steps) expect(Step.parse(step)).toEqual(step);
  });

  it('are as many as of that, if there are as many', () => {
    const images = (n: number) =>
      (own(n)[0].steps.find(({ step }) => step === 'prepare') as StepOf<'prepare'>).settings.images;
    expect([images(5000), images(200)]).toEqual([3000, 200]);
  });

  it('are told apart by their content in fetch and prepare alone', () => {
    const differ = own(9, 'a')[0].steps.filter(
      (step, i) => JSON.stringify(step) !== JSON.stringify(own(9, 'b')[0].steps[i]),
    );
    expect(differ.map(({ step }) => step)).toEqual(['fetch', 'prepare']);
  });
});

describe('paper', () => {
  const cells = cellsOf(experiments.paper);

  it('has the paper’s 78 trainings and 15 baselines', () => {
    const trained = cells.filter(cell => cell.seed !== undefined);
    expect(trained).toHaveLength(78);
    expect(cells).toHaveLength(78 + 15);
  });

  it('trains as the paper and its code say', () => {
    const cell = cells.find(one => one.address === 'pathmnist/t-simcne/randrot/seed-2');
    const { settings } = cell!.steps.find(one => one.step === 'train') as StepOf<'train'>;
    expect(settings.stages.map(stage => stage.epochs)).toEqual([1000, 50, 450]);
    expect(settings.stages.map(stage => stage.outputDimension)).toEqual([128, 2, 2]);
    expect(settings.stages.map(stage => stage.warmUpEpochs)).toEqual([10, 0, 10]);
    expect(settings).toMatchObject({
      loss: 'cauchy',
      augmentation: 'randrot',
      batchSize: 1024,
      learningRate: 0.12,
      momentum: 0.9,
      weightDecay: 5e-4,
      seed: 2,
      network: { stem: 'small', width: 64 },
    });
  });

  it('trains PCam16 with batches of 512 on an unmodified ResNet18', () => {
    const cell = cells.find(one => one.address === 'pcam16/simclr-tsne/default/seed-1');
    const { settings } = cell!.steps.find(one => one.step === 'train') as StepOf<'train'>;
    expect(settings).toMatchObject({
      loss: 'cosine',
      temperature: 0.5,
      batchSize: 512,
      network: { stem: 'imagenet' },
    });
    expect(settings.learningRate).toBe(learningRateFor(512));
    expect(settings.stages.map(stage => stage.epochs)).toEqual([1000]);
  });
});

it('names the experiments there are when asked for another', () => {
  expect(() => experimentNamed('qick')).toThrow(/"qick" is not known; there are quick, smoke, paper/);
  expect(() => experimentNamed('toString')).toThrow(/not known/);
});

it('takes SimCLR’s output for t-SNE, and its features where an experiment says so', () => {
  const tsneOf = (experiment: typeof experiments.paper) =>
    cellsOf(experiment)
      .find(cell => cell.method === 'simclr-tsne')!
      .steps.find(step => step.step === 'tsne')!.settings;
  expect(tsneOf(experiments.paper)).toEqual({ perplexity: 30, seed: 1 });
  expect(tsneOf({ ...experiments.paper, simclrPoints: 'features' })).toMatchObject({ of: 'features' });
});

it('holds cells against the paper that are made as there: all of `paper`, the baselines of `desk`, none of `quick`', () => {
  const asThere = (name: keyof typeof experiments) =>
    cellsOf(experiments[name])
      .filter(isAsInPaper)
      .map(cell => cell.address);
  expect(asThere('paper')).toHaveLength(93);
  expect(asThere('cifar10-control')).toHaveLength(2);
  expect(asThere('desk')).toEqual(
    ['pixels-tsne', 'resnet18-tsne', 'resnet152-tsne'].map(row => `bloodmnist/${row}`),
  );
  expect(asThere('quick')).toEqual([]);
});
