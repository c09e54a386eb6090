// Claims about plans: what is in the store is a hit, what is not says why.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nameOfCheckpoint } from '../../activities/checkpoint-names.ts';
import { stepStates } from '../../activities/find-cell.ts';
import { openForecast } from '../../activities/forecast.ts';
import { recipeOf } from '../../activities/recipe-of.ts';
import { writeWhole } from '../../artifacts/durable.ts';
import type { Manifest } from '../../artifacts/manifest.ts';
import { keyOf } from '../../artifacts/recipe.ts';
import { openStore, type Store } from '../../artifacts/store.ts';
import { experiments } from '../../experiments/catalogue.ts';
import { cellsOf } from '../../experiments/experiment.ts';
import type { Step, StepOf } from '../../experiments/steps.ts';

const [cell] = cellsOf(experiments.smoke);
let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'simcne-plan-'));
  store = await openStore(folder);
});
afterEach(() => rm(folder, { recursive: true }));

async function keep(step: Step, inputs: Record<string, { digest: string }> = {}) {
  const origin = {
    codeVersion: '',
    machine: '',
    startedAt: new Date().toISOString(),
    workflowId: '',
    runId: '',
  };
  const { artifact } = await store.make(recipeOf(step, inputs), origin, async place => {
    await writeFile(path.join(place, 'file'), step.step);
    return { summary: { n: 240 }, backend: '', peakMemoryBytes: 0 };
  });
  return artifact;
}

const states = async () =>
  (await stepStates(store, cell, await store.manifests())).map(({ state, reason }) => [state, reason]);

it('has everything to run in an empty store', async () => {
  expect(await states()).toEqual([
    ['RUN', 'never made'],
    ['RUN', 'after fetch'],
    ['RUN', 'after prepare'],
    ['RUN', 'after prepare'],
    ['RUN', 'after embed'],
  ]);
});

it('names the setting that differs from what was made', async () => {
  const files = await keep(cell.steps[0]);
  const prepare = cell.steps[1] as Extract<Step, { step: 'prepare' }>;
  await keep({ ...prepare, settings: { ...prepare.settings, images: 120 } }, { files });
  expect((await states()).slice(0, 2)).toEqual([
    ['HIT', 'in the store'],
    ['RUN', 'settings.images differs'],
  ]);
});

it('follows hits as far as they go', async () => {
  const files = await keep(cell.steps[0]);
  const images = await keep(cell.steps[1], { files });
  await keep(cell.steps[2], { images });
  expect((await states()).map(([state]) => state)).toEqual(['HIT', 'HIT', 'HIT', 'RUN', 'RUN']);
});

it('sees where a training would go on', async () => {
  const files = await keep(cell.steps[0]);
  const images = await keep(cell.steps[1], { files });
  const key = keyOf(recipeOf(cell.steps[2], { images }));
  await writeWhole(
    path.join(
      store.checkpointFolder(key),
      nameOfCheckpoint({ epoch: 7, batch: 2, began: '2026-01-01T00:00:00.000Z', digest: '0'.repeat(64) }),
    ),
    'state',
  );
  expect((await states())[2]).toEqual(['RESUME@7', 'checkpoint']);
});

it('plans data sets that cannot be read yet, and says so', async () => {
  const [first] = cell.steps;
  const unread = { ...first, settings: { dataset: 'neurons' } } as Step;
  const [fetch] = await stepStates(store, { ...cell, steps: [unread] }, []);
  expect(fetch).toMatchObject({ state: 'RUN', reason: 'missing: no reader for neurons yet' });
});

it('forecasts a training in proportion to images and epochs', () => {
  const forecast = openForecast([]);
  const train = cell.steps.find(step => step.step === 'train') as Extract<Step, { step: 'train' }>;
  const stages = train.settings.stages.map(stage => ({ ...stage, epochs: 3 * stage.epochs }));
  const longer = { ...train, settings: { ...train.settings, stages } };
  expect(forecast.seconds(cell, longer)! / forecast.seconds(cell, train)!).toBeCloseTo(3, 10);
  expect(forecast.madeBefore('train')).toBe(0);
});

it('forecasts a training by its like in the store, else by a trial, else by what was ever trained here', () => {
  const [, simclr] = cellsOf(experiments.smoke);
  const train = simclr.steps.find(({ step }) => step === 'train') as StepOf<'train'>;
  const trained = (samplesPerSecond: number, width: number) =>
    ({
      recipe: {
        step: 'train',
        settings: { ...train.settings, network: { ...train.settings.network, width } },
        inputs: {},
      },
      summary: { samplesPerSecond },
      provenance: { seconds: 1 },
    }) as unknown as Manifest;
  const { network } = train.settings;
  const rate = { network, imageSize: 28, samplesPerSecond: 100 };
  const seconds = (...given: Parameters<typeof openForecast>) =>
    openForecast(...given).seconds(simclr, train);
  const views = 240 * 3; // images, epochs
  expect(seconds([], rate)).toBeCloseTo(views / 100, 8);
  expect(seconds([trained(50, 64)], rate)).toBeCloseTo(views / 100, 8);
  expect(seconds([trained(50, network.width)], rate)).toBeCloseTo(views / 50, 8);
  expect(seconds([trained(50, 64)])).toBeLessThan(views / 50); // as much arithmetic a second as the large one
  expect(openForecast([], rate).isTried(simclr, train)).toBe(true);
  expect(openForecast([trained(50, 64)], rate).hasSeen(simclr, train)).toBe(false);
  expect(openForecast([trained(50, network.width)]).hasSeen(simclr, train)).toBe(true);
});
