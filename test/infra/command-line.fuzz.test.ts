// Whatever nonsense is typed: an error of exit code 2 with a message for a person, nothing on stdout, and never a success.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CommanderError } from 'commander';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { exitCodeOf } from '../../infra/cli/exit-code.ts';
import { makeProgram } from '../../infra/cli/program.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'simcne-fuzz-'));
  vi.stubEnv('SIMCNE_HOME', home);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

const commands = [
  'run',
  'plan',
  'rerun',
  'status',
  'table',
  'compare',
  'report',
  'serve',
  'start',
  'score',
  'tsne',
  'features',
]
  .concat([
    'embed',
    'verify',
    'worker',
    'doctor',
    'gc',
    'data list',
    'data fetch',
    'data add',
    'data remove',
    'data',
  ])
  .concat(['bench train', 'bench augment', 'bench tsne', 'bench score', 'bench prepare', 'bench', '']);

/** Words that name nothing, and that no option could take for a number or a switch. */
const nonsense = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.constantFrom(
      'quick/',
      '/quick',
      'quick/bloodmnist',
      '../../etc/passwd',
      '__proto__',
      'constructor',
      'toString',
    ),
    fc.constantFrom(
      'quick,smoke',
      'QUICK',
      'quick ',
      'bloodmnist/t-simcne/rot90/seed-1',
      'NaN',
      '\u0000',
      '\u202e',
      '~',
    ),
    fc.string({ unit: 'grapheme', minLength: 200, maxLength: 400 }),
  )
  .filter(word => !/^[-+\s\d.]/.test(word) && word !== 'e');
const options = [
  '--dataset',
  '--method',
  '--augmentation',
  '--seed',
  '--force',
  '--golden',
  '--embedding',
  '--labels',
]
  .concat([
    '--input',
    '--output',
    '--perplexity',
    '--network',
    '--weights',
    '--images',
    '--cell',
    '--queue',
    '--slots',
    '--gpu',
  ])
  .concat([
    '--npz',
    '--folder',
    '--from',
    '--width',
    '--batch',
    '--n',
    '--threads',
    '--json',
    '--quiet',
    '--zz',
    '--resume',
  ]);

const line = fc
  .tuple(
    fc.constantFrom(...commands),
    nonsense,
    fc.array(fc.oneof(nonsense, fc.constantFrom(...options)), { maxLength: 6 }),
  )
  .map(([command, first, rest]) => [...command.split(' ').filter(Boolean), first, ...rest]);

it('any line with a word that names nothing', async () => {
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await fc.assert(
      fc.asyncProperty(line, async words => {
        let said = '';
        const writeErr = (text: string) => {
          said += text;
        };
        const program = await makeProgram({ writeErr, writeOut: () => {} });
        const error = await program.parseAsync(words, { from: 'user' }).then(
          () => undefined,
          (reason: Error) => reason,
        );
        expect(error).toBeInstanceOf(Error);
        expect([exitCodeOf(error), error?.name]).toEqual([2, error?.name]);
        const message = error instanceof CommanderError ? said : error!.message;
        expect(message.trim()).not.toBe('');
        expect(message).not.toMatch(/\n\s+at /);
      }),
      { numRuns: 1_500 },
    );
    expect(printed).not.toHaveBeenCalled();
  } finally {
    printed.mockRestore();
  }
});
