// The losses of a training that goes on, for those who look at it: a small file beside its checkpoints, gone when they go.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { TrainingCurves } from './artifact-files.ts';

const soFarFile = 'so-far.json';
const everyMs = 1_000;

/** Takes the losses of a training, epoch by epoch; `before`: what an earlier attempt had when this one went on from it. */
export function openTrainingSoFar(
  folder: string,
  stages: TrainingCurves['stages'],
  before: { readonly [Curve in 'losses' | 'learningRates']: readonly number[] } = {
    losses: [],
    learningRates: [],
  },
): { add(epoch: { loss: number; learningRate: number }): void } {
  const curves = { losses: [...before.losses], learningRates: [...before.learningRates], stages };
  const write = () => replace(path.join(folder, soFarFile), JSON.stringify(curves));
  let writtenAt = 0;
  void write(); // in place of what a training left that does not count any more
  return {
    add({ loss, learningRate }) {
      curves.losses.push(loss);
      curves.learningRates.push(learningRate);
      if (Date.now() - writtenAt < everyMs) return;
      writtenAt = Date.now();
      void write();
    },
  };
}

/** The curves of the training whose checkpoints lie in a folder; undefined where it has no whole epoch yet. */
export async function readTrainingSoFar(folder: string): Promise<TrainingCurves | undefined> {
  try {
    return TrainingCurves.parse(JSON.parse(await readFile(path.join(folder, soFarFile), 'utf8')));
  } catch {
    return undefined; // none, or of another version
  }
}

/** Whole for whoever reads it, but not made durable: nothing is computed from it, so a training does not wait or fail for it. */
async function replace(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.part`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch {
    // a full disk: the next checkpoint says so
  }
}
