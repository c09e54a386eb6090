// What commands print arrives whole, whoever reads it and how slowly: every command, by the program's own list of them.
import { spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeProgram } from '../../infra/cli/program.ts';
import { ndarray } from '../../numeric/arrays/array.ts';
import { encodeNpy } from '../../numeric/arrays/npy.ts';
import { ownCommand, simcne, temporaryHome } from './command-line.ts';
import { throughFullPipe } from './full-pipe.ts';
import { canSeeProcesses } from './processes.ts';

let place: Awaited<ReturnType<typeof temporaryHome>>;
const file = (name: string) => path.join(place.home, name);
const pixels = 'smoke/shapes/pixels-tsne';

/** What follows a command that answers at once; of all others their help is asked for. */
const argumentsOf: Record<string, () => string[]> = {
  run: () => ['smoke', '--method', 'pixels-tsne'],
  rerun: () => [pixels],
  plan: () => ['paper'],
  status: () => [],
  table: () => ['smoke'],
  compare: () => [pixels, pixels],
  report: () => ['smoke'],
  score: () => ['--embedding', file('points.npy'), '--labels', file('labels.npy')],
  tsne: () => ['--input', file('points.npy'), '--output', file('map.npy'), '--perplexity', '5'],
  'data list': () => [],
  'data add': () => ['mine', '--folder', file('pictures')],
  verify: () => ['--golden', file('golden')],
  'bench augment': () => ['--n', '500'],
  'bench score': () => ['--embedding', file('points.npy'), '--labels', file('labels.npy')],
  'bench tsne': () => ['--input', file('points.npy')],
  'bench train': () => ['--width', '4', '--batch', '16', '--n', '32', '--epochs', '1'],
  doctor: () => [],
  gc: () => [],
};

/** The commands that do something, by their words. */
function leaves(command: Command, words: string[] = []): string[] {
  if (command.commands.length === 0) return [words.join(' ')];
  return command.commands.flatMap(one => leaves(one, [...words, one.name()]));
}
const commands = leaves(await makeProgram());

beforeAll(async () => {
  place = await temporaryHome();
  const values = Float32Array.from({ length: 80 }, (_, i) => (i * 37) % 101);
  const labels = Int32Array.from({ length: 40 }, (_, i) => i % 2);
  await writeFile(file('points.npy'), encodeNpy(ndarray(values, [40, 2])));
  await writeFile(file('labels.npy'), encodeNpy(ndarray(labels, [40])));
  await cp('test/golden/knn-score', file('golden/knn-score'), { recursive: true });
  for (let i = 0; i < 20; i++) {
    const image = sharp({ create: { width: 4, height: 4, channels: 3, background: { r: i, g: 0, b: 0 } } });
    await mkdir(file(`pictures/${i % 2}`), { recursive: true });
    await image.png().toFile(file(`pictures/${i % 2}/${i}.png`));
  }
  expect(await simcne(place.home, 'run', 'smoke', '--method', 'pixels-tsne')).toMatchObject({ code: 0 });
});
afterAll(() => place.remove());

describe.skipIf(!canSeeProcesses)('in a pipe that is full when a command prints', () => {
  it('knows the commands that it gives arguments to', () => {
    expect(commands).toEqual(expect.arrayContaining(Object.keys(argumentsOf)));
  });

  it.each(commands)('%s is read whole, as text and as JSON', async name => {
    const given = argumentsOf[name]?.();
    const words = [...name.split(' '), ...(given ?? ['--help'])];
    const text = await throughFullPipe(place.home, words);
    expect(text).toMatchObject({
      code: name === 'doctor' ? expect.any(Number) : 0,
      text: expect.stringMatching(/\S\n$/),
    });
    if (!given) return;
    const document = await throughFullPipe(place.home, [...words, '--json']);
    expect(() => JSON.parse(document.text)).not.toThrow();
    expect(document.code).toBe(text.code);
  });

  it('no byte is missing of what is larger than a pipe', async () => {
    const whole = (await simcne(place.home, 'plan', 'paper', '--json')).stdout;
    expect(whole.length).toBeGreaterThan(65_536);
    for (let i = 0; i < 3; i++) {
      expect((await throughFullPipe(place.home, ['plan', 'paper', '--json'])).text).toBe(whole);
    }
  });

  it('errors are read whole, too', async () => {
    const told = await throughFullPipe(place.home, ['plan', 'papr'], { stream: 'stderr' });
    expect(told).toMatchObject({
      code: 2,
      text: expect.stringMatching(/^simcne: .*"papr" is not known.*\n$/),
    });
  });

  it('a reader that goes away is no error, and changes no exit code', async () => {
    const gone = { reader: 'is gone' } as const;
    expect(await throughFullPipe(place.home, ['plan', 'paper'], gone)).toEqual({
      code: 0,
      text: '',
      beside: '',
    });
    const told = await throughFullPipe(place.home, ['plan', 'papr'], { ...gone, stream: 'stderr' });
    expect(told.code).toBe(2);
  });

  it('Ctrl-C ends the waiting for a reader', async () => {
    const interrupted = await throughFullPipe(place.home, ['plan', 'paper'], { reader: 'interrupts' });
    expect(interrupted.code).toBe(130);
  });
});

it.skipIf(process.platform !== 'linux')('an output that cannot be written is an error', async () => {
  const ended = spawnSync(process.execPath, [ownCommand, 'data', 'list'], {
    env: { ...process.env, SIMCNE_HOME: place.home },
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    encoding: 'utf8',
  });
  expect(ended).toMatchObject({ status: 1, stderr: expect.stringMatching(/^simcne: ENOSPC: no space left/) });
});
