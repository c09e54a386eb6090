// What `npm test` holds as the machine is, held again as on a processor without AVX-512: the reference vectors and the smoke training.
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { instructionSet } from '../../learning/tensorflow/instruction-set.ts';
import { temporaryFolder } from '../datasets/temporary-folder.ts';
import { startSimcne, temporaryHome } from './command-line.ts';
import { expectEveryCell } from './smoke-cells.ts';

const golden = fileURLToPath(new URL('../golden', import.meta.url));
const isAvx2 = instructionSet(undefined, 'AVX2') === instructionSet();
if (isAvx2)
  console.warn(`skipped: oneDNN uses no more than ${instructionSet()} here, so that all tests are held so`);

/** Runs `simcne …` in a home of its own, and as if the processor had AVX2 alone. */
async function withAvx2(words: string[], env: NodeJS.ProcessEnv = {}) {
  const { home, remove } = await temporaryHome();
  const ended = await startSimcne(home, words, { ONEDNN_MAX_CPU_ISA: 'AVX2', ...env }).ended;
  await remove();
  return ended;
}

it.skipIf(isAvx2)('oneDNN obeys: it says itself that it computes with AVX2', async () => {
  const folder = path.join(temporaryFolder(), 'resnet18-small-images');
  await mkdir(folder);
  await symlink(path.join(golden, 'resnet18-small-images', 'width-3'), path.join(folder, 'width-3'));
  const ended = await withAvx2(['verify', '--golden', path.dirname(folder)], { ONEDNN_VERBOSE: '1' });
  expect(ended.stdout).toMatch(/^onednn_verbose,.*isa:.*AVX2$/m);
});

it.skipIf(isAvx2)('every reference vector is reproduced with AVX2', async () => {
  const ended = await withAvx2(['verify', '--golden', golden]);
  expect(ended.stdout).toMatch(/^\d+ passed, 0 failed$/m);
  expect(ended.code).toBe(0);
});

it.skipIf(isAvx2)('smoke makes every cell with AVX2', async () =>
  expectEveryCell(await withAvx2(['run', 'smoke', '--json'])),
);
