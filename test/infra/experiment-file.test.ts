// Claims about experiments as files: those that `init` writes are the code's own to the key; whatever is wrong with one is said in one
// message with its line; a changed one says what it changed.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import {
  definedExperiments,
  definitionNamed,
  keepDefinition,
  knownExperiment,
} from '../../activities/definitions.ts';
import { recipeOf } from '../../activities/recipe-of.ts';
import { keyOf } from '../../artifacts/recipe.ts';
import { openStore } from '../../artifacts/store.ts';
import { experiments } from '../../experiments/catalogue.ts';
import { cellsOf, type Experiment } from '../../experiments/experiment.ts';
import { exitCodeOf } from '../../infra/cli/exit-code.ts';
import { readExperimentFile } from '../../infra/cli/experiment-file/read-experiment-file.ts';
import { experimentFile, ownCopy } from '../../infra/cli/experiment-file/write-experiment-file.ts';
import { makeProgram } from '../../infra/cli/program.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'simcne-files-'));
  vi.stubEnv('SIMCNE_HOME', home);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

const quick = experimentFile(ownCopy(experiments.quick));

async function written(text: string | Uint8Array, name = 'sweep.yaml'): Promise<string> {
  const file = path.join(home, name);
  await writeFile(file, text);
  return file;
}

const read = async (text: string, name?: string) =>
  readExperimentFile(await written(text, name), await openStore(path.join(home, 'store')));

/** The keys that all steps of a cell would have if each made what its own name stands for. */
const keysOf = (experiment: Experiment) =>
  cellsOf(experiment).map(({ address, steps }) => [
    address,
    ...steps.map(step => {
      const inputs = Object.entries(step.inputs).map(([role, of]) => [role, { digest: of as string }]);
      return keyOf(recipeOf(step, Object.fromEntries(inputs)));
    }),
  ]);

it.each(Object.values(experiments))(
  '$name as init writes it has the same cells and keys',
  async experiment => {
    const file = experimentFile(ownCopy(experiment));
    expect(file).toMatch(/^# yaml-language-server: \$schema=\S+\n/);
    const again = await read(file);
    expect(again).toEqual({ ...experiment, name: `my-${experiment.name}` });
    expect(keysOf(again)).toEqual(keysOf(experiment));
    expect(keysOf(await read(JSON.stringify(ownCopy(experiment), undefined, '\t'), 'sweep.json'))).toEqual(
      keysOf(experiment),
    );
  },
);

it('under the code’s own name it must be the code’s own', async () => {
  const file = quick.replace('my-quick', 'quick');
  expect((await read(file)).name).toBe('quick');
  const store = await openStore(path.join(home, 'store'));
  expect(definitionNamed(store.folder, 'quick')).toBeUndefined();
  await expect(read(file.replace('images: 3000', 'images: 2000'))).rejects.toThrow(
    /line 6: name "quick" is an experiment that simcne has, and this is another: call it my-quick/,
  );
});

it('what need not be said may be left out', async () => {
  const { title: _, about: __, profile: ___, pretrainedWeights: ____, ...least } = parse(quick);
  expect(await read(stringify(least))).toMatchObject({ title: 'my-quick', profile: 'scaled' });
});

it('a name stands for what its file said last; a digest for what it said then', async () => {
  const store = await openStore(path.join(home, 'store'));
  const first = await keepDefinition(store, { ...experiments.smoke, name: 'kept', title: 'first' });
  await keepDefinition(store, { ...experiments.smoke, name: 'kept', title: 'second' });
  expect(knownExperiment(store.folder, 'kept').title).toBe('second');
  expect(knownExperiment(store.folder, 'kept', first).title).toBe('first');
});

it('a definition that cannot be read any more costs no other', async () => {
  const store = await openStore(path.join(home, 'store'));
  const digest = await keepDefinition(store, { ...experiments.smoke, name: 'damaged' });
  await keepDefinition(store, { ...experiments.smoke, name: 'whole' });
  await writeFile(path.join(store.folder, 'definitions', `${digest}.json`), '{"experiment": {}}');
  expect(definedExperiments(store.folder)).toContain('whole');
  expect(definedExperiments(store.folder)).not.toContain('damaged');
  expect(() => knownExperiment(store.folder, 'damaged')).toThrow(/name its file again/);
});

const lines = quick.split('\n');
const lineWith = (words: string) => lines.findIndex(line => line.includes(words)) + 1;
const wrong: [string, string, string, RegExp][] = [
  ['batchSize: 256', 'batchSize: many', 'batchSize: 256', /batchSize "many" must be a whole number/],
  [
    'batchSize: 256',
    'batchsize: 256',
    'batchSize: 256',
    /batchsize is no setting \(did you mean batchSize\?\)/,
  ],
  ['images: 3000', 'images: -3', 'images: 3000', /images -3 must be more than 0/],
  ['[default, rot90, randrot]', '[default, rot9]', 'augm', /"rot9" must be .* \(did you mean rot90\?\)/],
  ['[default, rot90, randrot]', '[rot90, rot90]', 'augm', /augmentations.1 "rot90" is named twice/],
  ['bloodmnist #', 'bloodmist #', 'dataset: blood', /"bloodmist" is not known \(did you mean bloodmnist\?\)/],
  ['weightDecay: 0.0005', 'weightDecay: [', 'weightDecay: 0.0005', /is no YAML/],
];

const ownSet = (text: string) =>
  quick
    .replace('[default, rot90, randrot]', '[rot90, stained]')
    .replace('datasets:', `augmentationSets:\n  stained:\n${text}\ndatasets:`);

it('takes sets of augmentations of one’s own, and keeps what their operations are in the steps', async () => {
  const experiment = await read(
    ownSet('    - {operation: crop}\n    - {operation: gaussianBlur, kernel: 5}'),
  );
  const own = cellsOf(experiment).find(({ augmentation }) => augmentation === 'stained')!;
  expect(own.address).toBe('bloodmnist/t-simcne/stained/seed-1');
  expect(own.steps.find(({ step }) => step === 'train')!.settings).toMatchObject({
    operations: [
      { operation: 'crop', area: [0.2, 1], aspect: 4 / 3 },
      { operation: 'gaussianBlur', kernel: 5, probability: 0.5, sigma: [0.1, 2] },
    ],
  });
  const paper = cellsOf(experiment).filter(({ augmentation }) => augmentation === 'rot90');
  const ours = cellsOf(experiments.quick).filter(({ augmentation }) => augmentation === 'rot90');
  expect(paper.map(({ steps }) => steps)).toEqual(ours.map(({ steps }) => steps));
  expect(await read(experimentFile(experiment))).toEqual(experiment);
});

it.each([
  ['    - {operation: crp}', /line 15: .*"crp" must be .*\(did you mean crop\?\)/],
  ['    - {operation: crop, aera: [0.2, 1]}', /line 15: .*aera is no setting \(did you mean area\?\)/],
  ['    - {operation: gaussianBlur, kernel: 4}', /line 15: .*kernel 4 must be odd/],
  [
    '    - {operation: greyscale}\n    - {operation: crop}',
    /line 16: .*"crop" must stand once, and in this order: /,
  ],
])('%s in a set is said with its line', async (text, message) => {
  await expect(read(ownSet(text))).rejects.toThrow(message);
});

it.each(wrong)('%s → %s is said with its line', async (from, to, where, message) => {
  const told = read(quick.replace(from, to));
  await expect(told).rejects.toThrow(message);
  if (!to.endsWith('[')) await expect(told).rejects.toThrow(`line ${lineWith(where)}:`);
});

/** A file that was damaged: as a text, or as a value. */
const damage = fc.oneof(
  fc
    .tuple(fc.nat(quick.length), fc.nat(40), fc.string({ unit: 'binary', maxLength: 12 }))
    .map(([at, gone, come]) => quick.slice(0, at) + come + quick.slice(at + gone)),
  fc.nat(lines.length - 1).map(at => lines.filter((_, place) => place !== at).join('\n')),
  fc.nat(lines.length - 1).map(at => [...lines.slice(0, at), lines[at], ...lines.slice(at)].join('\n')),
  fc.nat(lines.length - 1).map(at => lines.map((line, i) => (i === at ? ` ${line}` : line)).join('\n')),
  fc.nat(quick.length).map(at => quick.slice(0, at)),
  fc.tuple(fc.nat(), fc.jsonValue({ maxDepth: 3 })).map(([at, value]) => stringify(replaced(at, value))),
  fc.tuple(fc.nat(), fc.jsonValue()).map(([at, value]) => JSON.stringify(replaced(at, value))),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

/** The experiment with another value at one of its places. */
function replaced(at: number, value: unknown): unknown {
  const places: (() => void)[] = [];
  const copy = parse(quick);
  const walk = (node: Record<string, unknown>) => {
    for (const name of Object.keys(node)) {
      places.push(() => {
        node[name] = value;
      });
      if (node[name] !== null && typeof node[name] === 'object') walk(node[name] as Record<string, unknown>);
    }
  };
  walk(copy);
  places[at % places.length]();
  return copy;
}

it('1,000 damaged files: one message each, with a line, exit code 2', async () => {
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  let damaged = 0;
  try {
    await fc.assert(
      fc.asyncProperty(damage, async text => {
        const file = await written(text);
        const error = await readExperimentFile(file, await openStore(path.join(home, 'store'))).then(
          () => undefined,
          (reason: Error) => reason,
        );
        if (!error) return; // the damage was in a comment, or made another experiment of it
        damaged += 1;
        const program = await makeProgram({ writeErr: () => {} }, ['plan']);
        const told: Error = await program
          .parseAsync(['plan', file], { from: 'user' })
          .then(Promise.reject, reason => reason);
        expect([told.message, exitCodeOf(told)]).toEqual([error.message, 2]);
        const [, line] =
          /^.*sweep\.yaml, line (\d+): [^\n]+(\n {2}(line \d+: |and \d+ more)[^\n]*){0,5}$/.exec(
            told.message,
          ) ?? ['', 'none'];
        expect(Number(line)).toBeGreaterThanOrEqual(1);
        expect(Number(line)).toBeLessThanOrEqual(text.split(/\r\n|[\n\r]/).length + 1);
      }),
      { numRuns: 1_500 },
    );
  } finally {
    printed.mockRestore();
  }
  expect(damaged).toBeGreaterThanOrEqual(1_000);
  expect(printed).not.toHaveBeenCalled();
}, 60_000);
