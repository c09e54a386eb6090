// How fast this machine trains, tried for a few seconds by the code that trains: the command line's own `bench train`, in a process of its own.
import path from 'node:path';
import type { MachineRate } from '../../activities/forecast.ts';
import { backboneMultiplyAdds } from '../../activities/network-arithmetic.ts';
import type { Cell } from '../../experiments/experiment.ts';
import type { StepOf } from '../../experiments/steps.ts';
import { packageRoot } from '../home.ts';
import { runCommand } from '../setup/run-command.ts';

const mostMultiplyAdds = 60e9; // of images forward: some 15 s where a machine is slow
const epochs = 3; // of which the first is not timed

/** Tries the first network that the cells train, on batches like theirs; undefined where they train none. */
export async function tryTraining(cells: readonly Cell[]): Promise<MachineRate | undefined> {
  const steps = cells.map(cell => cell.steps).find(some => some.some(({ step }) => step === 'train'));
  if (!steps) return undefined;
  const { network, precision, batchSize } = (steps.find(({ step }) => step === 'train') as StepOf<'train'>)
    .settings;
  const { imageSize } = (steps.find(({ step }) => step === 'prepare') as StepOf<'prepare'>).settings;
  const affordable = Math.floor(mostMultiplyAdds / (epochs * backboneMultiplyAdds(network, imageSize)));
  const batch = Math.max(8, Math.min(batchSize, affordable));
  const n = Math.max(batch, Math.min(2 * batch, affordable));
  const words = {
    width: network.width,
    stem: network.stem,
    precision: precision ?? 'float32',
    'image-size': imageSize,
    batch,
    n: n - (n % batch),
    epochs: epochs - 1,
  };
  const options = Object.entries(words).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const command = [path.join(packageRoot, 'infra', 'simcne.js'), 'bench', 'train', ...options, '--json'];
  const { samplesPerSecond } = JSON.parse(await runCommand(process.execPath, command)) as MachineRate;
  return { network, precision, imageSize, samplesPerSecond };
}
